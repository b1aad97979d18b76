#![allow(clippy::unwrap_used)]

use flatland_engine::{
    Experiment,
    data::{Targets, shelf},
    experiment::Spec,
    objective::{self, Objective},
};

use super::*;
use crate::networks::view::{
    picture::{Samples as Seen, Surface},
    sentence,
};

const DIGITS: &[u8] = include_bytes!("../../../../static/data/digits.csv.gz");

fn network(data: Spec, hidden: &[f64], loss: &str) -> Box<dyn Objective> {
    let spec = Spec::new("network").with("data", data).with("hidden", hidden.to_vec()).with("loss", loss);
    objective::find("network").unwrap().build_with_seed(&spec, 0, 3).unwrap()
}

/// A file of the user's with this text.
fn file(text: &str) -> Spec {
    let name = shelf::sha256(text.as_bytes());
    shelf::put(&name, text.as_bytes().to_vec()).unwrap();
    Spec::new("file").with("sha256", name.as_str())
}

fn digits() -> Spec {
    shelf::put("digits", DIGITS.to_vec()).unwrap();
    Spec::new("digits").with("samples", 300.0)
}

/// A picture at the weights at the start, after its way as numbers.
fn at_start(objective: &dyn Objective, aspect: Aspect) -> Picture {
    let picture = look(objective.as_network().unwrap(), objective.drawn_start().unwrap().as_slice(), aspect);
    let numbers = picture.to_numbers();
    assert!(numbers.len() < 350_000, "{} numbers", numbers.len());
    let read = Picture::from_numbers(&numbers).unwrap();
    // By their bits, as there may be some that are not a number.
    assert!(read.to_numbers().iter().zip(&numbers).all(|(a, b)| a.to_bits() == b.to_bits()));
    assert_eq!(read.to_numbers().len(), numbers.len());
    read
}

/// Every beginning of a picture's numbers and every number replaced is nothing, or a picture that
/// can be written and said.
fn survives_anything(picture: &Picture) {
    let numbers = picture.to_numbers();
    for end in (0..numbers.len()).step_by(1 + numbers.len() / 400) {
        assert_eq!(Picture::from_numbers(&numbers[..end]), None);
    }
    for place in (0..40.min(numbers.len())).chain((0..numbers.len()).step_by(1 + numbers.len() / 60)) {
        for other in [f64::NAN, f64::INFINITY, -1.0, 0.5, 1.0, 7.0, 4e9, 1e300] {
            let mut broken = numbers.clone();
            broken[place] = other;
            if let Some(read) = Picture::from_numbers(&broken) {
                assert!(!sentence(&read).is_empty() && !read.to_numbers().is_empty());
            }
        }
    }
}

#[test]
fn pictures_survive_the_way_and_anything_else_is_refused() {
    let all = [
        network(Spec::new("chebyshev"), &[4.0], "mean-squared-error"),
        network(Spec::new("moons"), &[4.0], "cross-entropy"),
        network(digits(), &[5.0], "cross-entropy"),
    ];
    for objective in &all {
        for aspect in [Aspect::Outputs, Aspect::Weights] {
            assert_eq!(Aspect::from_code(aspect.code()), Some(aspect));
            survives_anything(&at_start(objective.as_ref(), aspect));
        }
    }
    for nothing in [&[][..], &[5.0], &[-1.0], &[f64::NAN], &[4.0, 1e9], &[4.0, 0.0, 0.0]] {
        assert_eq!(Picture::from_numbers(nothing), None, "{nothing:?}");
    }
    assert_eq!(Aspect::from_code(f64::NAN), None);
}

/// 20 points on [−1, 1], ends included, and a tenth of 2 beyond them; against the network's own
/// outputs at the samples, to the last bit.
#[test]
fn a_curve_is_that_of_the_outputs() {
    let objective = network(Spec::new("chebyshev"), &[6.0, 5.0], "mean-squared-error");
    let (network, x) = (objective.as_network().unwrap(), objective.drawn_start().unwrap());
    let Picture::Curve(curve) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("a curve") };
    // Rounding of the ends is a unit in the last place.
    assert!((curve.span.0 + 1.2).abs() < 1e-15 && (curve.span.1 - 1.2).abs() < 1e-15);
    assert_eq!((curve.outputs.len(), curve.outputs[0].len()), (1, CURVE));
    assert_eq!((curve.points.training.len(), curve.points.test.len()), (20, 19));
    let data = network.data();
    for (s, point) in curve.points.training.iter().enumerate() {
        assert_eq!((point.x, point.y), (data.train.inputs[s], data.train.targets[s]));
    }
    // 0 is a point of the grid: at the middle.
    assert!((curve.outputs[0][150] - network.respond(x.as_slice(), &[0.0], 1)[0]).abs() < 1e-14);
    for (miss, part) in curve.misses.iter().zip([Part::Training, Part::Test]) {
        // The loss is the mean of the squares.
        assert!((miss.root_mean_square * miss.root_mean_square / network.loss(&x, part) - 1.0).abs() < 1e-13);
        let outputs = network.outputs(&x, part);
        let distances = outputs.iter().zip(&network.samples(part).targets).map(|(y, t)| (y - t).abs());
        assert_eq!(miss.largest, distances.fold(0.0, f64::max));
    }
}

/// The file's inputs are 100, 110, …, far from what the network sees of them.
#[test]
fn a_table_s_curve_is_in_its_own_units() {
    let rows: String = (0..40).map(|i| format!("{},{}\n", 100 + 10 * i, 0.25 * f64::from(i * i))).collect();
    let objective = network(file(&format!("x,y\n{rows}")), &[3.0], "mean-squared-error");
    let Picture::Curve(curve) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("a curve") };
    // Ten roundings of 500 at the most.
    assert!((curve.span.0 - 61.0).abs() < 1e-12 && (curve.span.1 - 529.0).abs() < 1e-12, "{:?}", curve.span);
    for point in curve.points.training.iter().chain(&curve.points.test) {
        let i = (point.x - 100.0) / 10.0;
        assert!((i - i.round()).abs() < 1e-12 && (point.y - 0.25 * i * i).abs() < 1e-9);
    }
    assert_eq!((curve.points.training.len(), curve.points.test.len()), (32, 8));
}

#[test]
fn a_plane_has_the_winning_class_and_its_probability_or_its_margin() {
    for (loss, is_margin_expected) in [("cross-entropy", false), ("mean-squared-error", true)] {
        let objective = network(Spec::new("moons").with("samples", 60.0), &[5.0], loss);
        let (network, x) = (objective.as_network().unwrap(), objective.drawn_start().unwrap());
        let Picture::Plane(plane) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("a plane") };
        let Surface::Classes { names, winners, certainty, is_margin, scores } = &plane.surface else {
            panic!("classes")
        };
        assert_eq!((names.len(), *is_margin, winners.len()), (2, is_margin_expected, GRID * GRID));
        for (cell, (winner, certainty)) in winners.iter().zip(certainty).enumerate() {
            let [x0, x1, y0, y1] = plane.bounds;
            let (i, j) = ((cell % GRID) as f64 / 63.0, (cell / GRID) as f64 / 63.0);
            let y = network.respond(x.as_slice(), &[x0 + i * (x1 - x0), y0 + j * (y1 - y0)], 1);
            assert_eq!(*winner, f64::from(u8::from(y[1] > y[0])));
            let gap = (y[1] - y[0]).abs();
            // The logistic function of the gap; both move by about the rounding of a point.
            let expected = if is_margin_expected { gap.min(1.0) } else { 1.0 / (1.0 + (-gap).exp()) };
            assert!((certainty - expected).abs() < 1e-13, "{certainty} {expected}");
        }
        for (part, (points, score)) in [Part::Training, Part::Test]
            .into_iter()
            .zip([&plane.points.training, &plane.points.test].iter().zip(scores))
        {
            let (found, labels) = (network.predictions(&x, part), &network.samples(part).labels);
            assert_eq!(points.len(), labels.len());
            for (point, (found, label)) in points.iter().zip(found.iter().zip(labels)) {
                assert_eq!((point.kind, point.is_wrong), (*label as f64, found != label));
                assert!((plane.bounds[0]..plane.bounds[1]).contains(&point.x));
                assert!((plane.bounds[2]..plane.bounds[3]).contains(&point.y));
            }
            assert_eq!(score.right.unwrap() as f64 / score.count as f64, network.accuracy(&x, part));
        }
    }
}

#[test]
fn a_plane_of_values_has_the_output_at_its_corners() {
    let rows: String = (0..50).map(|i| format!("{},{},{}\n", i % 7, 10 * (i % 5), 0.5 + f64::from(i))).collect();
    let objective = network(file(&format!("a,b,y\n{rows}")), &[3.0], "mean-squared-error");
    let (network, x) = (objective.as_network().unwrap(), objective.drawn_start().unwrap());
    let Picture::Plane(plane) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("a plane") };
    let Surface::Values { values, .. } = &plane.surface else { panic!("values") };
    // From 0 to 6 and from 0 to 40, and a tenth beyond.
    for (found, expected) in plane.bounds.iter().zip([-0.6, 6.6, -4.0, 44.0]) {
        assert!((found - expected).abs() < 1e-12);
    }
    let scale = &network.data().column_standardization;
    for (corner, at) in [([0, 2], 0), ([1, 2], 63), ([0, 3], 63 * 64), ([1, 3], 64 * 64 - 1)] {
        let input = [0, 1].map(|i| (plane.bounds[corner[i]] - scale[i].mean) / scale[i].deviation);
        assert!((network.respond(x.as_slice(), &input, 1)[0] - values[at]).abs() < 1e-12);
    }
    assert!(plane.points.training.iter().all(|point| point.kind.fract() == 0.5));
}

/// Digits after 60 steps: against the network's predictions.
#[test]
fn samples_are_counted_as_the_network_predicts_them() {
    digits();
    let document = r#"{"version":1,"objective":{"name":"network","data":{"name":"digits","samples":300},"hidden":[16],
        "activation":"relu"},"runs":[{"policy":{"name":"constant","eta":1.0}}],"steps":60,"spectrum":{"every":1000}}"#;
    let mut descent = flatland_engine::Descent::new(&Experiment::from_json(document).unwrap(), 0).unwrap();
    while descent.advance().is_some() {}
    let network = descent.objective().as_network().unwrap();
    let mut x = network.drawn_start().unwrap();
    x.copy_from_slice(descent.iterate());
    let picture = look(network, descent.iterate(), Aspect::Outputs);
    assert_eq!(Picture::from_numbers(&picture.to_numbers()), Some(picture.clone()));
    let Picture::Samples(seen) = picture else { panic!("samples") };
    let Seen { names, classes, matrix, is_test, scores, most_often, image, tiles, has_others } = seen;
    assert_eq!((names.len(), classes, is_test, has_others, image), (10, 10, true, false, (8, 8)));
    let (found, labels) = (network.predictions(&x, Part::Test), &network.samples(Part::Test).labels);
    let mut expected = vec![0.0; 100];
    found.iter().zip(labels).for_each(|(found, label)| expected[10 * label + found] += 1.0);
    assert_eq!(matrix, expected);
    for (score, part) in scores.iter().zip([Part::Training, Part::Test]) {
        assert_eq!(score.right.unwrap() as f64 / score.count as f64, network.accuracy(&x, part));
    }
    assert!((800..1497).contains(&scores[1].right.unwrap()), "it has learned something, but not all");
    let most = most_often.unwrap();
    expected.iter_mut().step_by(11).for_each(|diagonal| *diagonal = 0.0);
    assert_eq!(expected.iter().copied().fold(0.0, f64::max), most.count as f64);
    assert_eq!(expected[10 * most.truth + most.prediction], most.count as f64);
    // Wrong ones are first; of an 8×8 image every pixel is one sixteenth of a whole number.
    assert_eq!(tiles.len(), MOST_TILES);
    let wrong = tiles.iter().take_while(|tile| tile.truth != tile.prediction).count();
    assert!(wrong > 0 && tiles[wrong..].iter().all(|tile| tile.truth == tile.prediction));
    assert!(
        tiles.iter().flat_map(|tile| &tile.pixels).all(|pixel| (16.0 * pixel - (16.0 * pixel).round()).abs() < 1e-12)
    );
}

/// 30 classes of a table, of which the first has most samples: 19 rows, and one for the others.
#[test]
fn of_many_classes_the_most_frequent_have_rows() {
    let rows: String = (0..400)
        .map(|i| {
            let class = if i % 4 == 0 { 0 } else { i % 30 };
            format!("{},{},{},class number {class:02}\n", i % 11, i % 13, i % 17)
        })
        .collect();
    let objective = network(file(&rows), &[4.0], "cross-entropy");
    let (network, x) = (objective.as_network().unwrap(), objective.drawn_start().unwrap());
    let Picture::Samples(seen) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("samples") };
    let Targets::Classes { names } = &network.data().targets else { panic!("classes") };
    assert_eq!((names.len(), seen.classes, seen.has_others, seen.tiles.len()), (30, MOST_CLASSES, true, 0));
    assert_eq!((seen.names[0].as_str(), seen.names[19].as_str()), ("class numbe…", "others"));
    let count = network.samples(Part::Test).count as f64;
    assert_eq!(seen.matrix.iter().sum::<f64>(), count);
    let first: f64 = seen.matrix[..20].iter().sum();
    let counts = network.samples(Part::Test).class_counts(30);
    assert_eq!(first, counts[0] as f64);
    let others: f64 = seen.matrix[380..].iter().sum();
    let mut least = counts.clone();
    least.sort_unstable();
    assert_eq!(others, least[..11].iter().sum::<usize>() as f64);
    // The most frequent error, counted without the matrix.
    let mut pairs = std::collections::HashMap::new();
    for pair in network.samples(Part::Test).labels.iter().zip(network.predictions(&x, Part::Test)) {
        *pairs.entry((*pair.0, pair.1)).or_insert(0) += usize::from(*pair.0 != pair.1);
    }
    assert_eq!(seen.most_often.unwrap().count, pairs.into_values().max().unwrap());
}

#[test]
fn a_scatter_has_targets_and_predictions() {
    let rows: String =
        (0..2500).map(|i| format!("{},{},{},{}\n", i % 7, i % 5, i % 11, f64::from(i % 97) + 0.5)).collect();
    let objective = network(file(&rows), &[4.0], "mean-squared-error");
    let (network, x) = (objective.as_network().unwrap(), objective.drawn_start().unwrap());
    let Picture::Scatter(scatter) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("a scatter") };
    // Of 2000 training samples; all 500 test samples have room.
    assert_eq!((scatter.points.training.len(), scatter.points.test.len()), (MOST_TRAINING, 500));
    let outputs = network.outputs(&x, Part::Training);
    for (place, point) in scatter.points.training.iter().enumerate() {
        let s = place * 2000 / MOST_TRAINING;
        assert_eq!((point.x, point.y), (network.data().train.targets[s], outputs[s]));
    }
    let square = scatter.misses[1].root_mean_square * scatter.misses[1].root_mean_square;
    assert!((square / network.loss(&x, Part::Test) - 1.0).abs() < 1e-12);
}

#[test]
fn images_stand_beside_what_is_given_back() {
    let spec = Spec::new("network").with("data", digits()).with("targets", "inputs").with("hidden", vec![6.0]);
    let objective = objective::find("network").unwrap().build_with_seed(&spec, 0, 1).unwrap();
    let Picture::Images(images) = at_start(objective.as_ref(), Aspect::Outputs) else { panic!("images") };
    assert!(images.is_test && images.shape == (8, 8) && images.pairs.len() == MOST_TILES / 2);
    survives_anything(&Picture::Images(images.clone()));
    // The first pair is of the first test sample.
    let network = objective.as_network().unwrap();
    let (x, samples) = (objective.drawn_start().unwrap(), network.samples(Part::Test));
    let outputs = network.outputs(&x, Part::Test);
    let (data, count) = (network.data(), samples.count);
    let all = (0..64 * data.train.count).map(|place| data.train.inputs[place]);
    let (lo, hi) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    for i in 0..64 {
        let share = |value: f64| ((value - lo) / (hi - lo)).clamp(0.0, 1.0);
        for (found, value) in images.pairs[0].iter().zip([samples.inputs[i * count], outputs[i * count]]) {
            assert!((found[i] - share(value)).abs() < 1e-12, "pixel {i}");
        }
    }
    // The loss is the mean of the squares.
    let loss = network.loss(&x, Part::Test);
    assert!((images.misses[1].root_mean_square.powi(2) / loss - 1.0).abs() < 1e-12);
}

#[test]
fn weights_stand_where_they_are_and_are_thinned_to_their_largest() {
    let objective = network(digits(), &[100.0, 7.0], "cross-entropy");
    let x = objective.drawn_start().unwrap();
    let Picture::Weights(weights) = at_start(objective.as_ref(), Aspect::Weights) else { panic!("weights") };
    let shapes: Vec<_> = weights.layers.iter().map(|layer| (layer.outputs, layer.inputs)).collect();
    assert_eq!(shapes, [(100, 64), (7, 100), (10, 7)]);
    // 64 of the 100 units as images of 8×8: the second one shown is unit 1.
    assert!(weights.layers[0].is_units && weights.layers[0].maps().len() == MOST_UNITS);
    assert_eq!(weights.layers[0].maps().nth(1).unwrap(), &x.as_slice()[64..128]);
    // W₂ begins behind 6400 weights and 100 biases; four pairs of its columns share a cell.
    let second = &x.as_slice()[6500..7200];
    assert_eq!((weights.layers[1].shape, weights.layers[1].is_thinned()), ((7, 96), true));
    let largest = |values: &[f64]| values.iter().map(|w| w.abs()).fold(0.0, f64::max);
    assert_eq!(weights.layers[1].reach, largest(second));
    for (row, cells) in second.chunks(100).zip(weights.layers[1].cells.chunks(96)) {
        assert_eq!(largest(row), largest(cells));
        assert!(cells.iter().all(|cell| row.contains(cell)));
    }
    assert_eq!(weights.layers[2].cells, &x.as_slice()[7207..7277]);
    assert!(!weights.layers[2].is_thinned());
}

#[test]
fn of_many_wide_layers_a_bounded_number_of_cells_is_shown() {
    let objective = network(Spec::new("moons").with("samples", 4.0), &[100.0; 32], "cross-entropy");
    let Picture::Weights(weights) = at_start(objective.as_ref(), Aspect::Weights) else { panic!("weights") };
    assert_eq!(weights.layers.len(), 33);
    assert!(weights.layers.iter().map(|layer| layer.cells.len()).sum::<usize>() <= MOST_CELLS);
}

#[test]
fn what_is_not_finite_is_said_and_taken_for_nothing() {
    for (data, hidden) in [(Spec::new("chebyshev"), &[4.0][..]), (Spec::new("moons"), &[4.0]), (digits(), &[4.0])] {
        let objective = network(data, hidden, "mean-squared-error");
        let network = objective.as_network().unwrap();
        let count = network.architecture().layers.parameters();
        for x in [vec![f64::NAN; count], vec![f64::INFINITY; count], vec![0.0; count + 1], Vec::new()] {
            for aspect in [Aspect::Outputs, Aspect::Weights] {
                let picture = look(network, &x, aspect);
                let numbers = picture.to_numbers();
                assert!(Picture::from_numbers(&numbers).is_some());
                if aspect == Aspect::Outputs {
                    assert!(sentence(&picture).contains("not finite"), "{}", sentence(&picture));
                }
            }
        }
    }
}
