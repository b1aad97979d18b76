//! A picture in one sentence, for the screen reader and the line below it.

use super::picture::{Curve, Images, Layer, Miss, Picture, Plane, Samples, Scatter, Score, Surface, Weights};
use crate::chart::{
    axis::{round_to, significant},
    decimal::Decimal,
};

/// Names of the parts of the data, as they are written in pictures and sentences.
pub const PARTS: [&str; 2] = ["training", "test"];

/// What is seen.
pub fn sentence(picture: &Picture) -> String {
    match picture {
        Picture::Curve(curve) => of_curve(curve),
        Picture::Plane(plane) => of_plane(plane),
        Picture::Samples(samples) => of_samples(samples),
        Picture::Scatter(Scatter { misses, .. }) => of_misses("The predictions", misses),
        Picture::Weights(weights) => of_weights(weights),
        Picture::Images(images) => of_images(images),
    }
}

/// The share of samples that are right, as "92.8 %"; only all of them are 100 %, only none is 0 %.
pub fn percent(right: usize, count: usize) -> String {
    let share = 100.0 * right as f64 / count.max(1) as f64;
    let rounded = (10.0 * share).round() / 10.0;
    let rounded = if (1..count).contains(&right) { rounded.clamp(0.1, 99.9) } else { rounded };
    format!("{rounded} %")
}

/// A number for a sentence, to two digits.
fn about(value: f64) -> String {
    significant(round_to(value, 2))
}

/// A number that is not negative to two digits, rounded up.
fn at_most(value: f64) -> String {
    let Decimal { mut digits, mut power } = Decimal::rounded(value, 2);
    if (Decimal { digits, power }).value() < value {
        // A zero at the end was taken off.
        if digits < 10 {
            (digits, power) = (10 * digits, power - 1);
        }
        digits += 1;
    }
    significant(Decimal { digits, power }.value())
}

fn of_curve(curve: &Curve) -> String {
    if curve.outputs.iter().flatten().any(|value| !value.is_finite()) {
        return "The fitted function is not finite.".to_owned();
    }
    let subject = if curve.outputs.len() == 1 { "The fitted function" } else { "The fitted functions" };
    of_misses(subject, &curve.misses)
}

/// "… within 0.03 of every training point; …"
fn of_misses(subject: &str, [training, test]: &[Miss; 2]) -> String {
    if !training.largest.is_finite() {
        return "The predictions are not finite.".to_owned();
    }
    let is_one = subject == "The fitted function";
    let (verb, point) = match subject {
        "The predictions" => ("lie", "target"),
        _ if is_one => ("passes", "point"),
        _ => ("pass", "point"),
    };
    let beyond = if test.root_mean_square.is_finite() {
        format!("; test {point}s are missed by {} (root mean square)", about(test.root_mean_square))
    } else {
        String::new()
    };
    format!("{subject} {verb} within {} of every training {point}{beyond}.", at_most(training.largest))
}

/// "196 of 200 test samples right (98 %)"; nothing for a part without samples.
fn of_score(score: &Score, part: &str) -> Option<String> {
    let right = score.right.filter(|_| score.count > 0)?;
    Some(format!("{right} of {} {part} samples right ({})", score.count, percent(right, score.count)))
}

/// What is said where outputs are not finite.
const NOT_FINITE: &str = "The outputs are not finite: no sample is taken for any class.";

fn of_plane(plane: &Plane) -> String {
    match &plane.surface {
        Surface::Classes { scores, is_margin, .. } => {
            let said: Vec<String> =
                scores.iter().zip(PARTS).filter_map(|(score, part)| of_score(score, part)).collect();
            if said.is_empty() {
                return NOT_FINITE.to_owned();
            }
            let certainty = if *is_margin {
                "the margin of the largest output before the second"
            } else {
                "the softmax probability of the winning class"
            };
            format!("{}. The stronger the color, the larger {certainty}.", said.join(", "))
        }
        Surface::Values { misses, .. } => of_misses("The predictions", misses),
    }
}

fn of_samples(samples: &Samples) -> String {
    let part = usize::from(samples.is_test);
    let said = samples.scores.get(part).zip(PARTS.get(part)).and_then(|(score, part)| of_score(score, part));
    let Some(said) = said else { return NOT_FINITE.to_owned() };
    let name = |class: usize| samples.names.get(class).map_or("", String::as_str);
    match &samples.most_often {
        Some(most) => {
            let times = if most.count == 1 { "once".to_owned() } else { format!("{} times", most.count) };
            format!("{said}; most often {} is taken for {} ({times}).", name(most.truth), name(most.prediction))
        }
        None => format!("{said}."),
    }
}

fn of_images(Images { misses: [training, test], .. }: &Images) -> String {
    if !training.largest.is_finite() {
        return "The outputs are not finite: no image is given back.".to_owned();
    }
    let of = |miss: &Miss, part| format!("{part} images by {}", about(miss.root_mean_square));
    let beyond = if test.root_mean_square.is_finite() { format!(", {}", of(test, "test")) } else { String::new() };
    format!(
        "Given back but for an error (root mean square, in standard deviations): {}{beyond}.",
        of(training, "training")
    )
}

fn of_weights(weights: &Weights) -> String {
    let layers = &weights.layers;
    let Some(largest) = layers.iter().reduce(|most, layer| if layer.reach > most.reach { layer } else { most }) else {
        return "There are no weights.".to_owned();
    };
    let count: usize = layers.iter().map(|layer| layer.inputs * layer.outputs).sum();
    let place = if layers.len() > 1 { format!(" in layer {}", largest.number) } else { String::new() };
    let plural = if layers.len() == 1 { "layer" } else { "layers" };
    let shown = match layers.iter().find(|layer| layer.is_units) {
        Some(layer) if layer.maps().len() < layer.outputs => format!(
            " Of the first layer {} of {} units are shown, each in the shape of the images.",
            layer.maps().len(),
            layer.outputs
        ),
        Some(_) => " The first layer’s units are shown in the shape of the images.".to_owned(),
        None => String::new(),
    };
    let thinned =
        if layers.iter().any(Layer::is_thinned) { " Some cells show the largest of several weights." } else { "" };
    let bound = significant(largest.reach);
    format!("{count} weights in {} {plural}, the largest of them ±{bound}{place}.{shown}{thinned}", layers.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::view::picture::{Confusion, Points};

    const NO_MISS: Miss = Miss { largest: f64::NAN, root_mean_square: f64::NAN, count: 0 };

    fn samples(right: Option<usize>, most_often: Option<Confusion>) -> Picture {
        Picture::Samples(Samples {
            names: ["1", "8"].map(str::to_owned).to_vec(),
            classes: 2,
            has_others: false,
            matrix: vec![0.0; 4],
            is_test: true,
            scores: [Score { right: Some(500), count: 500 }, Score { right, count: 1297 }],
            most_often,
            image: (0, 0),
            tiles: Vec::new(),
        })
    }

    #[test]
    fn samples_are_counted_and_the_most_frequent_error_is_named() {
        let most = Some(Confusion { truth: 1, prediction: 0, count: 14 });
        assert_eq!(
            sentence(&samples(Some(1204), most)),
            "1204 of 1297 test samples right (92.8 %); most often 8 is taken for 1 (14 times)."
        );
        let once = most.map(|most| Confusion { count: 1, ..most });
        assert!(sentence(&samples(Some(1296), once)).ends_with("(99.9 %); most often 8 is taken for 1 (once)."));
        assert_eq!(sentence(&samples(Some(1297), None)), "1297 of 1297 test samples right (100 %).");
        assert_eq!(sentence(&samples(None, None)), NOT_FINITE);
    }

    #[test]
    fn shares_are_rounded_but_never_to_all_or_nothing() {
        for (right, count, said) in [
            (1204, 1297, "92.8 %"),
            (4999, 5000, "99.9 %"),
            (1, 5000, "0.1 %"),
            (0, 7, "0 %"),
            (7, 7, "100 %"),
            (1, 3, "33.3 %"),
            (1, 2, "50 %"),
        ] {
            assert_eq!(percent(right, count), said);
        }
    }

    #[test]
    fn a_distance_is_not_said_to_be_smaller_than_it_is() {
        for (value, said) in [(0.0296, "0.03"), (0.0301, "0.031"), (0.03, "0.03"), (1.002, "1.1"), (0.0, "0")] {
            assert_eq!(at_most(value), said);
        }
        let miss = |largest| Miss { largest, root_mean_square: 0.5 * largest, count: 20 };
        let curve =
            |misses, outputs| Picture::Curve(Curve { span: (0.0, 1.0), outputs, points: Points::default(), misses });
        assert_eq!(
            sentence(&curve([miss(0.03), NO_MISS], vec![vec![0.0]])),
            "The fitted function passes within 0.03 of every training point."
        );
        assert_eq!(
            sentence(&curve([miss(0.03), miss(0.1)], vec![vec![0.0]; 2])),
            "The fitted functions pass within 0.03 of every training point; \
             test points are missed by 0.05 (root mean square)."
        );
        assert_eq!(sentence(&curve([NO_MISS; 2], vec![vec![f64::NAN]])), "The fitted function is not finite.");
        assert_eq!(
            sentence(&Picture::Scatter(Scatter { points: Points::default(), misses: [miss(2.0), NO_MISS] })),
            "The predictions lie within 2 of every training target."
        );
    }

    #[test]
    fn a_plane_says_what_its_colors_are() {
        let plane = |is_margin, right| {
            let score = Score { right, count: 200 };
            let surface = Surface::Classes {
                names: vec!["a".to_owned(), "b".to_owned()],
                winners: vec![0.0],
                certainty: vec![1.0],
                is_margin,
                scores: [score, Score { right: right.map(|_| 196), ..score }],
            };
            Picture::Plane(Plane {
                bounds: [0.0, 1.0, 0.0, 1.0],
                columns: 1,
                rows: 1,
                surface,
                points: Points::default(),
            })
        };
        let margin = sentence(&plane(true, Some(200)));
        assert!(margin.starts_with("200 of 200 training samples right (100 %), 196 of 200 test samples right (98 %)."));
        assert!(margin.contains("margin") && !margin.contains("probability"));
        assert!(sentence(&plane(false, Some(200))).contains("softmax probability"));
        assert_eq!(sentence(&plane(false, None)), NOT_FINITE);
    }

    #[test]
    fn weights_are_counted_and_their_largest_is_placed() {
        let layer = |number, reach| Layer {
            number,
            outputs: 2,
            inputs: 3,
            reach,
            is_units: false,
            shape: (2, 3),
            cells: vec![0.0; 6],
        };
        let said = sentence(&Picture::Weights(Weights { layers: vec![layer(1, 0.5), layer(2, 1.25)] }));
        assert_eq!(said, "12 weights in 2 layers, the largest of them ±1.25 in layer 2.");
        let thinned = Layer { outputs: 4, inputs: 6, ..layer(1, 0.5) };
        let units = Layer { is_units: true, outputs: 4, ..layer(1, 0.5) };
        let said = |layer| sentence(&Picture::Weights(Weights { layers: vec![layer] }));
        assert!(said(thinned).ends_with("Some cells show the largest of several weights."));
        assert!(said(units).contains("1 of 4 units are shown"));
    }
}
