//! Level lines of a grid by marching squares (Lorensen and Cline's marching cubes, 1987, in the
//! plane), with linear interpolation.

/// A piece of a level line, in fractions of the picture.
pub type Segment = [(f64, f64); 2];

/// The segments on which the grid's interpolant equals `level`. Cells with a value that is not
/// finite have none.
pub fn level_line(values: &[f64], columns: usize, rows: usize, level: f64) -> Vec<Segment> {
    let mut segments = Vec::new();
    if columns < 2 || rows < 2 || values.len() < columns * rows {
        return segments;
    }
    let place = |column: f64, row: f64| (column / (columns - 1) as f64, row / (rows - 1) as f64);
    for row in 0..rows - 1 {
        for column in 0..columns - 1 {
            let corner = |dc: usize, dr: usize| values[(row + dr) * columns + column + dc] - level;
            // Clockwise from the upper left; edge `i` runs from corner `i` to corner `i + 1`.
            let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
            if corners.iter().any(|v| !v.is_finite()) {
                continue;
            }
            let offsets = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
            let crossings: Vec<(f64, f64)> = (0..4)
                .filter(|i| (corners[*i] > 0.0) != (corners[(i + 1) % 4] > 0.0))
                .map(|i| {
                    let (from, to) = (corners[i], corners[(i + 1) % 4]);
                    let share = from / (from - to);
                    let ((c0, r0), (c1, r1)) = (offsets[i], offsets[(i + 1) % 4]);
                    place(column as f64 + c0 + share * (c1 - c0), row as f64 + r0 + share * (r1 - r0))
                })
                .collect();
            // Four crossings are a saddle: the pairs that keep the upper left corner apart when the
            // middle lies low.
            match crossings[..] {
                [a, b] => segments.push([a, b]),
                [a, b, c, d] => {
                    let middle: f64 = corners.iter().sum();
                    if (middle > 0.0) == (corners[0] > 0.0) {
                        segments.extend([[a, b], [c, d]]);
                    } else {
                        segments.extend([[d, a], [b, c]]);
                    }
                }
                _ => {}
            }
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_line_of_a_cone_is_a_circle() {
        let n = 201;
        let values: Vec<f64> = (0..n * n)
            .map(|i| {
                let (x, y) = ((i % n) as f64 / 100.0 - 1.0, (i / n) as f64 / 100.0 - 1.0);
                x.hypot(y)
            })
            .collect();
        let segments = level_line(&values, n, n, 0.5);
        let length: f64 = segments.iter().map(|[a, b]| (b.0 - a.0).hypot(b.1 - a.1)).sum();
        // Radius 0.5 in a picture two wide: a quarter of its width. Chords of a cell of 1/200 are
        // short by about 1e-5.
        assert!((length - std::f64::consts::TAU * 0.25).abs() < 1e-3, "{length}");
        assert!(segments.iter().flatten().all(|p| ((p.0 - 0.5).hypot(p.1 - 0.5) - 0.25).abs() < 1e-4));
    }

    #[test]
    fn cells_that_are_not_finite_have_no_line() {
        assert!(level_line(&[0.0, f64::NAN, 2.0, 3.0], 2, 2, 1.0).is_empty());
        assert!(level_line(&[], 0, 0, 1.0).is_empty());
    }
}
