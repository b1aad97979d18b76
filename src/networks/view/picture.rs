//! What is seen of a network, and how it travels from the worker to the page as a row of numbers.

use super::numbers::{Reader, Writer};

/// What is seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Functions of one input.
    Curve(Curve),
    /// Classes or values over the plane of two inputs.
    Plane(Plane),
    /// Which samples are taken for what.
    Samples(Samples),
    /// Predictions beside targets.
    Scatter(Scatter),
    /// Weights as heat maps.
    Weights(Weights),
    /// Images beside what is made of them.
    Images(Images),
}

/// One sample among axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its place across.
    pub x: f64,
    /// Its place upward.
    pub y: f64,
    /// Its class or output as a number; its target on a plane of values.
    pub kind: f64,
    /// Whether it is taken for another class.
    pub is_wrong: bool,
}

/// Points to draw, thinned evenly where there are many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Of training samples.
    pub training: Vec<Point>,
    /// Of test samples.
    pub test: Vec<Point>,
}

/// How many of a part's samples are taken for what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// How many; `None` where an output is not a finite number.
    pub right: Option<usize>,
    /// Out of how many.
    pub count: usize,
}

/// How far predictions are from a part's targets, over all entries; NaN where there are none, or
/// where one is not a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Miss {
    /// max |y − t|.
    pub largest: f64,
    /// √(mean (y − t)²).
    pub root_mean_square: f64,
    /// The number of samples.
    pub count: usize,
}

/// Functions of one input, in the data's own units.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The first and the last input of the curves.
    pub span: (f64, f64),
    /// For each output its values at even places of the span.
    pub outputs: Vec<Vec<f64>>,
    /// Samples: input, target, output.
    pub points: Points,
    /// How far off the training samples are, and the test samples.
    pub misses: [Miss; 2],
}

/// What is over a plane, at the points of a grid: row after row from below, each from the left.
#[derive(Clone, Debug, PartialEq)]
pub enum Surface {
    /// The class with the largest output.
    Classes {
        /// The names of the classes.
        names: Vec<String>,
        /// The class; a number that is none where the outputs are not finite.
        winners: Vec<f64>,
        /// How sure it is of it, between 0 and 1: the softmax probability of the class, or its
        /// margin before the next.
        certainty: Vec<f64>,
        /// Whether it is the margin: outputs of squared errors are no logits.
        is_margin: bool,
        /// How many samples of training and test are right.
        scores: [Score; 2],
    },
    /// The first output.
    Values {
        /// The values.
        values: Vec<f64>,
        /// How far off the training samples are, and the test samples.
        misses: [Miss; 2],
    },
}

/// A plane of two inputs, in the data's own units.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// The first and the last value of the first input, and of the second.
    pub bounds: [f64; 4],
    /// Points of the grid in a row.
    pub columns: usize,
    /// Rows of the grid.
    pub rows: usize,
    /// What is over it.
    pub surface: Surface,
    /// Samples: both inputs, and class or target.
    pub points: Points,
}

/// A sample that is shown by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Its class: a place among the names.
    pub truth: usize,
    /// What it is taken for.
    pub prediction: usize,
    /// Its pixels, row after row, from 0 for the darkest of the data set's to 1.
    pub pixels: Vec<f64>,
}

/// One class being taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// The class: a place among the names.
    pub truth: usize,
    /// What it is taken for.
    pub prediction: usize,
    /// How many times.
    pub count: usize,
}

/// Which samples are taken for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Names of classes: first those of the matrix, then what else the tiles need.
    pub names: Vec<String>,
    /// Rows of the matrix, one a class; the last one is of all others where
    /// [`Samples::has_others`].
    pub classes: usize,
    /// Whether the matrix's last row and column are of all classes that have none of their own.
    pub has_others: bool,
    /// The confusion matrix: how many samples of the row's class are taken for the column's.
    pub matrix: Vec<f64>,
    /// Whether matrix and tiles are of test samples; else of training samples.
    pub is_test: bool,
    /// How many samples of training and test are right.
    pub scores: [Score; 2],
    /// What is most often taken for something else.
    pub most_often: Option<Confusion>,
    /// Rows and columns of the tiles' pixels.
    pub image: (usize, usize),
    /// Samples, the wrong ones first.
    pub tiles: Vec<Tile>,
}

/// Predictions beside targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Scatter {
    /// Samples: target, prediction, output.
    pub points: Points,
    /// How far off the training samples are, and the test samples.
    pub misses: [Miss; 2],
}

/// Images that a network is to give back, as pairs: what it sees, and what it gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Images {
    /// Whether the pairs are of test samples; else of training samples.
    pub is_test: bool,
    /// Rows and columns of an image's pixels.
    pub shape: (usize, usize),
    /// The pixels of both, row after row, from 0 for the darkest of the data set's to 1.
    pub pairs: Vec<[Vec<f64>; 2]>,
    /// How far off the training samples are, and the test samples.
    pub misses: [Miss; 2],
}

/// The weights of one layer, as one heat map or as one for each unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Its number, from 1 on.
    pub number: usize,
    /// The number of outputs, a row of W each.
    pub outputs: usize,
    /// The number of inputs, a column of W each.
    pub inputs: usize,
    /// max |w|, over all finite weights of the layer.
    pub reach: f64,
    /// Whether each heat map is one unit's weights in the shape of the image that they look at.
    pub is_units: bool,
    /// Rows and columns of a heat map.
    pub shape: (usize, usize),
    /// The heat maps, one after the other, row after row. Where cells stand for several weights,
    /// they have the one of the largest amount.
    pub cells: Vec<f64>,
}

/// The weights of all layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Layer by layer.
    pub layers: Vec<Layer>,
}

impl Layer {
    /// The heat maps.
    pub fn maps(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.cells.chunks_exact((self.shape.0 * self.shape.1).max(1))
    }

    /// Whether there are fewer cells than weights.
    pub fn is_thinned(&self) -> bool {
        !self.is_units && self.cells.len() < self.outputs * self.inputs
    }
}

impl Picture {
    /// The picture as numbers.
    pub fn to_numbers(&self) -> Vec<f64> {
        let mut writer = Writer::default();
        match self {
            Self::Curve(curve) => {
                writer.count(0);
                write_curve(&mut writer, curve);
            }
            Self::Plane(plane) => {
                writer.count(1);
                write_plane(&mut writer, plane);
            }
            Self::Samples(samples) => {
                writer.count(2);
                write_samples(&mut writer, samples);
            }
            Self::Scatter(Scatter { points, misses }) => {
                writer.count(3);
                write_points(&mut writer, points);
                misses.iter().for_each(|miss| write_miss(&mut writer, miss));
            }
            Self::Weights(Weights { layers }) => {
                writer.count(4);
                writer.list(layers, write_layer);
            }
            Self::Images(images) => {
                writer.count(5);
                write_images(&mut writer, images);
            }
        }
        writer.into_numbers()
    }

    /// Reads what [`Picture::to_numbers`] writes.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let mut reader = Reader::new(numbers);
        let picture = match reader.count()? {
            0 => Self::Curve(read_curve(&mut reader)?),
            1 => Self::Plane(read_plane(&mut reader)?),
            2 => Self::Samples(read_samples(&mut reader)?),
            3 => {
                let points = read_points(&mut reader)?;
                Self::Scatter(Scatter { points, misses: [read_miss(&mut reader)?, read_miss(&mut reader)?] })
            }
            4 => Self::Weights(Weights { layers: reader.list(read_layer)? }),
            5 => Self::Images(read_images(&mut reader)?),
            _ => return None,
        };
        reader.is_done().then_some(picture)
    }
}

fn write_points(writer: &mut Writer, points: &Points) {
    for part in [&points.training, &points.test] {
        writer.list(part, |writer, point| {
            [point.x, point.y, point.kind].iter().for_each(|number| writer.number(*number));
            writer.flag(point.is_wrong);
        });
    }
}

fn read_points(reader: &mut Reader<'_>) -> Option<Points> {
    let point = |reader: &mut Reader<'_>| {
        let [x, y, kind] = reader.array()?;
        Some(Point { x, y, kind, is_wrong: reader.flag()? })
    };
    Some(Points { training: reader.list(point)?, test: reader.list(point)? })
}

fn write_miss(writer: &mut Writer, miss: &Miss) {
    writer.number(miss.largest);
    writer.number(miss.root_mean_square);
    writer.count(miss.count);
}

fn read_miss(reader: &mut Reader<'_>) -> Option<Miss> {
    let [largest, root_mean_square] = reader.array()?;
    Some(Miss { largest, root_mean_square, count: reader.count()? })
}

fn write_score(writer: &mut Writer, score: &Score) {
    writer.flag(score.right.is_some());
    writer.count(score.right.unwrap_or_default());
    writer.count(score.count);
}

fn read_score(reader: &mut Reader<'_>) -> Option<Score> {
    let (is_known, right, count) = (reader.flag()?, reader.count()?, reader.count()?);
    Some(Score { right: is_known.then_some(right), count })
}

fn write_curve(writer: &mut Writer, curve: &Curve) {
    writer.number(curve.span.0);
    writer.number(curve.span.1);
    writer.list(&curve.outputs, |writer, values| writer.numbers(values));
    write_points(writer, &curve.points);
    curve.misses.iter().for_each(|miss| write_miss(writer, miss));
}

fn read_curve(reader: &mut Reader<'_>) -> Option<Curve> {
    let [from, to] = reader.array()?;
    let outputs = reader.list(Reader::numbers)?;
    let points = read_points(reader)?;
    Some(Curve { span: (from, to), outputs, points, misses: [read_miss(reader)?, read_miss(reader)?] })
}

fn write_plane(writer: &mut Writer, plane: &Plane) {
    plane.bounds.iter().for_each(|bound| writer.number(*bound));
    writer.count(plane.columns);
    writer.count(plane.rows);
    match &plane.surface {
        Surface::Classes { names, winners, certainty, is_margin, scores } => {
            writer.flag(true);
            writer.list(names, |writer, name| writer.text(name));
            writer.numbers(winners);
            writer.numbers(certainty);
            writer.flag(*is_margin);
            scores.iter().for_each(|score| write_score(writer, score));
        }
        Surface::Values { values, misses } => {
            writer.flag(false);
            writer.numbers(values);
            misses.iter().for_each(|miss| write_miss(writer, miss));
        }
    }
    write_points(writer, &plane.points);
}

fn read_plane(reader: &mut Reader<'_>) -> Option<Plane> {
    let bounds = reader.array()?;
    let (columns, rows) = (reader.count()?, reader.count()?);
    let cells = columns.checked_mul(rows)?;
    let surface = if reader.flag()? {
        let names = reader.list(Reader::text)?;
        let (winners, certainty) = (reader.numbers()?, reader.numbers()?);
        let is_margin = reader.flag()?;
        let scores = [read_score(reader)?, read_score(reader)?];
        (winners.len() == cells && certainty.len() == cells).then_some(())?;
        Surface::Classes { names, winners, certainty, is_margin, scores }
    } else {
        let values = reader.numbers()?;
        (values.len() == cells).then_some(())?;
        Surface::Values { values, misses: [read_miss(reader)?, read_miss(reader)?] }
    };
    Some(Plane { bounds, columns, rows, surface, points: read_points(reader)? })
}

fn write_samples(writer: &mut Writer, samples: &Samples) {
    writer.list(&samples.names, |writer, name| writer.text(name));
    writer.count(samples.classes);
    writer.flag(samples.has_others);
    writer.numbers(&samples.matrix);
    writer.flag(samples.is_test);
    samples.scores.iter().for_each(|score| write_score(writer, score));
    writer.list(samples.most_often.as_slice(), |writer, confusion| {
        [confusion.truth, confusion.prediction, confusion.count].iter().for_each(|count| writer.count(*count));
    });
    writer.count(samples.image.0);
    writer.count(samples.image.1);
    writer.list(&samples.tiles, |writer, tile| {
        writer.count(tile.truth);
        writer.count(tile.prediction);
        writer.numbers(&tile.pixels);
    });
}

fn read_samples(reader: &mut Reader<'_>) -> Option<Samples> {
    let names = reader.list(Reader::text)?;
    let (classes, has_others) = (reader.count()?, reader.flag()?);
    let matrix = reader.numbers()?;
    (classes <= names.len() && matrix.len() == classes.checked_mul(classes)?).then_some(())?;
    let is_test = reader.flag()?;
    let scores = [read_score(reader)?, read_score(reader)?];
    let class = |reader: &mut Reader<'_>| reader.count().filter(|class| *class < names.len());
    let most_often = reader
        .list(|reader| Some(Confusion { truth: class(reader)?, prediction: class(reader)?, count: reader.count()? }))?;
    let image = (reader.count()?, reader.count()?);
    let pixels = image.0.checked_mul(image.1)?;
    let tiles = reader.list(|reader| {
        let (truth, prediction) = (class(reader)?, class(reader)?);
        Some(Tile { truth, prediction, pixels: reader.numbers().filter(|found| found.len() == pixels)? })
    })?;
    let most_often = match most_often[..] {
        [] => None,
        [most_often] => Some(most_often),
        _ => return None,
    };
    Some(Samples { names, classes, has_others, matrix, is_test, scores, most_often, image, tiles })
}

fn write_images(writer: &mut Writer, images: &Images) {
    writer.flag(images.is_test);
    writer.count(images.shape.0);
    writer.count(images.shape.1);
    writer.list(&images.pairs, |writer, pair| pair.iter().for_each(|pixels| writer.numbers(pixels)));
    images.misses.iter().for_each(|miss| write_miss(writer, miss));
}

fn read_images(reader: &mut Reader<'_>) -> Option<Images> {
    let (is_test, shape) = (reader.flag()?, (reader.count()?, reader.count()?));
    let pixels = shape.0.checked_mul(shape.1)?;
    let image = |reader: &mut Reader<'_>| reader.numbers().filter(|found| found.len() == pixels);
    let pairs = reader.list(|reader| Some([image(reader)?, image(reader)?]))?;
    Some(Images { is_test, shape, pairs, misses: [read_miss(reader)?, read_miss(reader)?] })
}

fn write_layer(writer: &mut Writer, layer: &Layer) {
    [layer.number, layer.outputs, layer.inputs].iter().for_each(|count| writer.count(*count));
    writer.number(layer.reach);
    writer.flag(layer.is_units);
    writer.count(layer.shape.0);
    writer.count(layer.shape.1);
    writer.numbers(&layer.cells);
}

fn read_layer(reader: &mut Reader<'_>) -> Option<Layer> {
    let [number, outputs, inputs] = [reader.count()?, reader.count()?, reader.count()?];
    let (reach, is_units, shape) = (reader.number()?, reader.flag()?, (reader.count()?, reader.count()?));
    let cells = reader.numbers()?;
    outputs.checked_mul(inputs)?;
    let map = shape.0.checked_mul(shape.1)?;
    let is_whole = if map == 0 { cells.is_empty() } else { cells.len().is_multiple_of(map) };
    is_whole.then_some(Layer { number, outputs, inputs, reach, is_units, shape, cells })
}
