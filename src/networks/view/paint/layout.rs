//! Where things stand on the canvas, in CSS pixels: arithmetic alone, so that it can be checked
//! that nothing leaves the canvas and nothing lies on another.

/// Height of a line of text at the usual scale.
pub const LINE: f64 = 14.0;
/// Width of a character of a label at the usual scale, about.
pub const CHARACTER: f64 = 6.6;
/// Room between neighbors.
pub const GAP: f64 = 6.0;
/// The least and the greatest side of a sample's tile at the usual scale.
const TILE: (f64, f64) = (26.0, 60.0);
/// The greatest side of a matrix's cell at the usual scale.
const CELL: f64 = 60.0;
/// The share of a wide canvas that the matrix takes beside tiles.
const MATRIX_SHARE: f64 = 0.57;
/// Beyond this ratio of its sides a heat map's cells are stretched.
const STRETCHED: f64 = 4.0;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Rect {
    /// The largest rectangle of this ratio of width to height in the middle of it.
    fn fitted(self, ratio: f64) -> Self {
        let width = self.width.min(self.height * ratio).max(0.0);
        let height = width / ratio;
        Self { x: self.x + 0.5 * (self.width - width), y: self.y + 0.5 * (self.height - height), width, height }
    }
}

/// About the width of a text.
pub fn text_width(text: &str, scale: f64) -> f64 {
    text.chars().count() as f64 * CHARACTER * scale
}

/// Where things of these widths stand in rows that are so wide: each one's left edge and row.
pub fn flow(widths: &[f64], room: f64) -> Vec<(f64, usize)> {
    let (mut x, mut row) = (0.0, 0);
    let place = |own: &f64| {
        if x > 0.0 && x + own > room {
            (x, row) = (0.0, row + 1);
        }
        let place = (x, row);
        x += own;
        place
    };
    widths.iter().map(place).collect()
}

/// Where a confusion matrix and tiles stand.
#[derive(Clone, Debug, PartialEq)]
pub struct SamplesLayout {
    /// The matrix's cells.
    pub matrix: Rect,
    /// Room for names left of the matrix.
    pub names: f64,
    /// Room for names above it.
    pub above: f64,
    /// Whether names above it stand upright, as they are wider than a cell.
    pub is_upright: bool,
    /// The baseline of what is written over the matrix's names.
    pub caption: f64,
    /// What is written over the tiles, if there are any: its left end and its baseline.
    pub tiles_caption: (f64, f64),
    /// The tiles that have room; below each is a line for its caption.
    pub tiles: Vec<Rect>,
}

/// Places a matrix of `classes` rows whose longest name has so many characters, and as many of
/// `tiles` as have room, below so many lines of text.
pub fn samples(
    (width, height): (f64, f64),
    scale: f64,
    lines: usize,
    classes: usize,
    longest: usize,
    tiles: usize,
) -> SamplesLayout {
    let (gap, line) = (GAP * scale, LINE * scale);
    let top = gap + lines as f64 * line;
    let all = Rect { x: gap, y: top, width: (width - 2.0 * gap).max(0.0), height: (height - top - gap).max(0.0) };
    let (mut first, mut second) = (all, Rect::default());
    if tiles > 0 && all.width > 1.2 * all.height {
        first.width = (MATRIX_SHARE * all.width).min(all.height);
        let x = first.x + first.width + 2.0 * gap;
        second = Rect { x, width: all.x + all.width - x, ..all };
    } else if tiles > 0 {
        first.height = MATRIX_SHARE * all.height;
        let y = first.y + first.height + gap;
        second = Rect { y, height: all.y + all.height - y, ..all };
    }
    // Over the matrix are a caption and the names of its columns.
    let (count, width) = (classes.max(1) as f64, longest as f64 * CHARACTER * scale + 8.0);
    let names = width.min(0.25 * first.width);
    let cell = |above: f64| {
        let room = (first.width - names).min(first.height - line - above).max(0.0);
        (room / count).min(CELL * scale)
    };
    let is_upright = width > cell(line) + 4.0 && longest > 2;
    let above = if is_upright { width.min(0.25 * first.height) } else { line };
    let side = cell(above) * classes as f64;
    let matrix = Rect { x: first.x + names, y: first.y + line + above, width: side, height: side };
    let below = Rect { y: second.y + line, height: second.height - line, ..second };
    let tiles = if tiles > 0 { self::tiles(below, scale, tiles) } else { Vec::new() };
    SamplesLayout {
        matrix,
        names,
        above,
        is_upright,
        caption: first.y + line - 3.0 * scale,
        tiles_caption: (second.x, second.y + line - 3.0 * scale),
        tiles,
    }
}

/// Pairs of tiles, one above the other, below a line of text: as many of `count` as have room.
pub fn pairs((width, height): (f64, f64), scale: f64, count: usize) -> Vec<[Rect; 2]> {
    let (gap, top) = (GAP * scale, (GAP + LINE) * scale);
    let (width, height) = (width - 2.0 * gap, height - top - 2.0 * gap);
    let fits = |side: f64| {
        let across = ((width + gap) / (side + gap)).floor();
        let down = ((height + gap) / (2.0 * side + 1.5 * gap)).floor();
        (across.max(0.0) as usize, down.max(0.0) as usize)
    };
    let mut sides = (0..=16).map(|step| scale * (TILE.1 + f64::from(step) / 16.0 * (TILE.0 - TILE.1)));
    let side = sides.find(|side| fits(*side).0 * fits(*side).1 >= count).unwrap_or(TILE.0 * scale);
    let (across, down) = fits(side);
    let pair = |place: usize| {
        let (column, row) = ((place % across) as f64, (place / across) as f64);
        let upper = Rect {
            x: gap + column * (side + gap),
            y: top + gap + row * (2.0 * side + 1.5 * gap),
            width: side,
            height: side,
        };
        [upper, Rect { y: upper.y + side + 0.5 * gap, ..upper }]
    };
    (0..count.min(across * down)).map(pair).collect()
}

/// Rows of tiles from the upper left corner on, each with a line below it.
fn tiles(area: Rect, scale: f64, count: usize) -> Vec<Rect> {
    let (gap, line) = (GAP * scale, LINE * scale);
    let columns = ((area.width + gap) / (TILE.0 * scale + gap)).floor();
    if columns < 1.0 {
        return Vec::new();
    }
    // As large as lets all have room, if there is so much.
    let fits = |side: f64| {
        let across = ((area.width + gap) / (side + gap)).floor();
        let down = ((area.height + gap) / (side + line + gap)).floor();
        (across.max(0.0), down.max(0.0))
    };
    let sides = (0..=16).map(|step| scale * (TILE.1 + f64::from(step) / 16.0 * (TILE.0 - TILE.1)));
    let roomy = sides.into_iter().find(|side| fits(*side).0 * fits(*side).1 >= count as f64);
    let side = roomy.unwrap_or(TILE.0 * scale);
    let (across, down) = fits(side);
    let places = (0..(across * down) as usize).map(|place| (place % across as usize, place / across as usize));
    let tile = |(column, row): (usize, usize)| Rect {
        x: area.x + column as f64 * (side + gap),
        y: area.y + row as f64 * (side + line + gap),
        width: side,
        height: side,
    };
    places.map(tile).take(count).collect()
}

/// The number of columns, at most `count`, that gives `count` things of this ratio of width to
/// height the most room in an area, and that room; each loses `lost` of its height.
fn columns(area: (f64, f64), count: usize, ratio: f64, gap: f64, lost: f64) -> (usize, (f64, f64)) {
    let room = |columns: usize| {
        let rows = count.div_ceil(columns);
        let share = |whole: f64, parts: usize| (whole - gap * (parts - 1) as f64) / parts as f64;
        (share(area.0, columns).max(0.0), (share(area.1, rows) - lost).max(0.0))
    };
    let value = |(width, height): (f64, f64)| width.min(height * ratio);
    // The last of equal ones is taken: the one with the fewest columns.
    let best = (1..=count.max(1)).rev().map(|columns| (columns, room(columns)));
    best.max_by(|(_, a), (_, b)| value(*a).total_cmp(&value(*b))).unwrap_or((1, area))
}

/// What a layer's heat maps need: how many, and rows and columns of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Maps {
    /// How many.
    pub count: usize,
    /// Rows and columns of each.
    pub shape: (usize, usize),
}

impl Maps {
    fn ratio(self) -> f64 {
        let (rows, columns) = self.shape;
        let ratio = columns.max(1) as f64 / rows.max(1) as f64;
        ratio.clamp(1.0 / STRETCHED, STRETCHED)
    }
}

/// One layer's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Room for its title.
    pub title: Rect,
    /// Its heat maps.
    pub maps: Vec<Rect>,
}

/// Places the heat maps of layers in panels with a line above each, and leaves a line at the
/// bottom.
pub fn weights((width, height): (f64, f64), scale: f64, layers: &[Maps]) -> Vec<Panel> {
    let (gap, line) = (GAP * scale, LINE * scale);
    let area = (width - 2.0 * gap, height - 3.0 * gap - line);
    let (across, (own_width, own_height)) = columns(area, layers.len(), 1.0, 1.5 * gap, line);
    let panel = |(place, maps): (usize, &Maps)| {
        let x = gap + (place % across) as f64 * (own_width + 1.5 * gap);
        let y = gap + (place / across) as f64 * (own_height + line + 1.5 * gap);
        let title = Rect { x, y, width: own_width, height: line };
        let room = Rect { x, y: y + line, width: own_width, height: own_height };
        Panel { title, maps: within(room, *maps) }
    };
    layers.iter().enumerate().map(panel).collect()
}

/// Heat maps in rows within a panel.
fn within(room: Rect, maps: Maps) -> Vec<Rect> {
    if maps.count <= 1 {
        let map = room.fitted(maps.ratio());
        return vec![Rect { x: room.x, y: room.y, ..map }; maps.count];
    }
    let gap = (0.02 * room.width.min(room.height)).clamp(1.0, 4.0);
    let (across, (width, height)) = columns((room.width, room.height), maps.count, maps.ratio(), gap, 0.0);
    let own = Rect { x: 0.0, y: 0.0, width, height }.fitted(maps.ratio());
    let map = |place: usize| Rect {
        x: room.x + (place % across) as f64 * (own.width + gap),
        y: room.y + (place / across) as f64 * (own.height + gap),
        ..own
    };
    (0..maps.count).map(map).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(f64, f64); 6] =
        [(360.0, 260.0), (900.0, 600.0), (300.0, 200.0), (320.0, 700.0), (500.0, 500.0), (1600.0, 500.0)];

    fn grown(rect: Rect, below: f64) -> Rect {
        Rect { height: rect.height + below, ..rect }
    }

    /// Nothing leaves the canvas, nothing lies on another, to a thousandth of a pixel.
    fn check(size: (f64, f64), rects: &[Rect]) {
        let near = 1e-3;
        for (place, a) in rects.iter().enumerate() {
            assert!(a.x >= -near && a.y >= -near && a.width >= 0.0 && a.height >= 0.0, "{size:?} {a:?}");
            assert!(a.x + a.width <= size.0 + near && a.y + a.height <= size.1 + near, "{size:?} {a:?}");
            for b in &rects[..place] {
                let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
                let down = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
                assert!(across <= near || down <= near, "{size:?} {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_matrix_and_its_tiles_stand_beside_each_other() {
        for size in SIZES {
            for scale in [1.0, 1.6] {
                for (classes, longest, count) in [(2, 1, 5), (10, 1, 48), (20, 12, 48), (20, 12, 0), (3, 9, 0)] {
                    let lines = 2;
                    let layout = samples(size, scale, lines, classes, longest, count);
                    let SamplesLayout { matrix, names, above, tiles, .. } = &layout;
                    let head = Rect { x: 0.0, y: 0.0, width: size.0, height: lines as f64 * LINE * scale };
                    let caption = LINE * scale;
                    // The matrix with its names at the left and above, and the line over them.
                    let whole = Rect {
                        x: matrix.x - names,
                        y: matrix.y - above - caption,
                        width: matrix.width + names,
                        height: matrix.height + above + caption,
                    };
                    let tiles: Vec<Rect> = tiles.iter().map(|tile| grown(*tile, caption)).collect();
                    check(size, &[&[head, whole], &tiles[..]].concat());
                    if size.1 >= 260.0 && (scale == 1.0 || size.0 > 600.0) {
                        assert!(tiles.len() >= count.min(4), "{size:?} {scale}: {}", tiles.len());
                        let least = if classes == 20 { 5.0 } else { 12.0 };
                        assert!(matrix.width / classes as f64 > least, "{size:?} {scale} {classes}");
                    }
                    assert!(tiles.len() <= count);
                }
            }
        }
    }

    #[test]
    fn on_a_large_canvas_all_tiles_have_room() {
        assert_eq!(samples((900.0, 600.0), 1.0, 1, 10, 1, 48).tiles.len(), 48);
    }

    #[test]
    fn heat_maps_stand_beside_each_other_below_their_titles() {
        let one = |rows, columns| Maps { count: 1, shape: (rows, columns) };
        let units = |count, side| Maps { count, shape: (side, side) };
        let networks: [&[Maps]; 5] = [
            &[one(30, 1), one(20, 30), one(1, 20)],
            &[units(64, 8), one(64, 64), one(64, 64), one(64, 64), one(10, 64)],
            &[units(10, 28)],
            &[one(96, 2)],
            &[one(40, 40); 33],
        ];
        for size in SIZES {
            for scale in [1.0, 1.6] {
                for layers in networks {
                    let panels = weights(size, scale, layers);
                    let foot = Rect { x: 0.0, y: size.1 - LINE * scale, width: size.0, height: LINE * scale };
                    let rects = panels.iter().flat_map(|panel| panel.maps.iter().chain([&panel.title])).copied();
                    check(size, &rects.chain([foot]).collect::<Vec<_>>());
                    for (panel, maps) in panels.iter().zip(layers) {
                        assert_eq!(panel.maps.len(), maps.count);
                        if layers.len() < 6 && size.0 * size.1 > 9e4 {
                            let least = if maps.count > 1 { 3.0 } else { 9.0 };
                            assert!(
                                panel.maps.iter().all(|map| map.width.min(map.height) > least),
                                "{size:?} {panel:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn names_stand_upright_only_where_they_are_wider_than_a_cell() {
        let upright = |classes, longest| samples((900.0, 600.0), 1.0, 1, classes, longest, 0).is_upright;
        assert!(upright(20, 12) && !upright(3, 5) && !upright(10, 1));
    }

    #[test]
    fn rows_wrap_and_stay_within_their_width() {
        let widths = [60.0, 80.0, 100.0, 40.0, 90.0];
        for room in [150.0, 250.0, 800.0] {
            let places = flow(&widths, room);
            let rect =
                |((x, row), width): (&(f64, usize), &f64)| Rect { x: *x, y: *row as f64, width: *width, height: 1.0 };
            check((room, 5.0), &places.iter().zip(&widths).map(rect).collect::<Vec<_>>());
        }
        assert_eq!(flow(&widths, 250.0)[3], (0.0, 1));
        assert_eq!(flow(&widths, 800.0)[4], (280.0, 0));
        // What is wider than the room has a row of its own.
        assert_eq!(flow(&[300.0, 10.0], 200.0), [(0.0, 0), (0.0, 1)]);
    }

    #[test]
    fn pairs_stay_on_the_canvas_and_off_each_other() {
        for (width, height) in [(360.0, 200.0), (720.0, 480.0), (200.0, 900.0), (40.0, 30.0)] {
            for scale in [1.0, 1.6] {
                let rects: Vec<Rect> = pairs((width, height), scale, 24).into_iter().flatten().collect();
                for (i, a) in rects.iter().enumerate() {
                    assert!(a.x >= 0.0 && a.y >= LINE * scale && a.x + a.width <= width && a.y + a.height <= height);
                    let is_clear = |b: &Rect| {
                        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
                    };
                    assert!(rects[i + 1..].iter().all(is_clear), "{width} {height} {scale}");
                }
            }
        }
        assert_eq!(pairs((720.0, 480.0), 1.0, 24).len(), 24);
        assert!(pairs((40.0, 30.0), 1.0, 24).is_empty());
    }
}
