//! Dashed lines, which canvases of plotters do not have.

/// Cuts a line into dashes: `on` pixels drawn, `off` left out.
pub fn dash(piece: &[(f64, f64)], on: f64, off: f64) -> Vec<Vec<(f64, f64)>> {
    let mut dashes = Vec::new();
    let mut current = Vec::new();
    let mut left = on;
    let mut drawing = true;
    for pair in piece.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let mut done = 0.0;
        if drawing && current.is_empty() {
            current.push((x0, y0));
        }
        while length - done > left {
            done += left;
            let at = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length);
            if drawing {
                current.push(at);
                dashes.push(std::mem::take(&mut current));
                left = off;
            } else {
                current.push(at);
                left = on;
            }
            drawing = !drawing;
        }
        left -= length - done;
        if drawing {
            current.push((x1, y1));
        }
    }
    if current.len() > 1 {
        dashes.push(current);
    }
    dashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_the_line() {
        let dashes = dash(&[(0.0, 0.0), (50.0, 0.0), (50.0, 50.0)], 6.0, 4.0);
        let drawn: f64 =
            dashes.iter().flat_map(|d| d.windows(2)).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum();
        assert!((drawn - 60.0).abs() < 1e-9, "{drawn}");
    }
}
