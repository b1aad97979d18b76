//! Networks to begin with, each with what to look for.

use crate::view_settings::Panel;

/// See the module's header.
pub struct Scene {
    /// Its name for people.
    pub title: &'static str,
    /// What it trains, in a line.
    pub what: &'static str,
    /// What to look for.
    pub look: &'static str,
    /// The document.
    pub document: &'static str,
    /// How it is looked at, as links have it.
    pub view: &'static str,
    /// Its speed's place among those offered.
    pub speed: usize,
    /// What its picture in the gallery is of, and the last step on it.
    pub pictured: (Panel, u64),
}

/// The place of full speed.
pub const FULL_SPEED: usize = 15;

/// All scenes. The claims are those of `engine/tests/scenes.rs`, `chebyshev.rs` and
/// `further_scenes.rs`.
pub const SCENES: &[Scene] = &[
    Scene {
        title: "Handwritten digits",
        what: "200 images of 8 × 8 pixels, 64-64-64-64-64-10 ReLU, mean squared error, three line searches.",
        look: "All three learn, each at a sharpness of its own: the monotone search stays sharp, the nonmonotone one \
               takes the largest steps and comes down towards the floor 2/K = 0.2, with a loss that stays high; capped at \
               η = 8 it settles at λ₁ = 0.25 with the lowest loss.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"digits","samples":200},
            "hidden":[64,64,64,64],"activation":"relu","initialization":{"name":"pytorch","scale":2}},
            "runs":[{"policy":{"name":"line-search"},"label":"LS"},
                    {"policy":{"name":"nonmonotone-line-search"},"label":"NLS"},
                    {"policy":{"name":"capped-nonmonotone-line-search"},"label":"capped"}],
            "steps":600,"spectrum":{"every":10},"columns":["accuracy","test_accuracy"]}"#,
        view: "panels:loss~sharpness~accuracy,run:2",
        speed: FULL_SPEED,
        pictured: (Panel::Loss, 600),
    },
    Scene {
        title: "The edge of stability",
        what: "A polynomial T₆ at 20 points, 1-30-20-1 tanh with 701 parameters, constant step η = 0.2.",
        look: "The sharpness rises until λ₁ = 2/η = 10, near step 460, and stays there: its mean over the steps from 1500 on \
               is within 1 % of 10, while the loss falls on.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"chebyshev","degree":6},
            "loss":"half-mean-squared-error","initialization":{"name":"normal"}},"seed":3,
            "runs":[{"policy":{"name":"constant","eta":0.2}}],"steps":4000,"spectrum":{"count":3},
            "columns":["lambda2","lambda3","residual"]}"#,
        view: "panels:loss~spectrum~product",
        speed: 10,
        pictured: (Panel::Sharpness, 1500),
    },
    Scene {
        title: "Flatland, too early",
        what: "500 digits, the same network from smaller weights; warm-ups to η = 9 within 50 and within 200 steps.",
        look: "At η = 9 the flattest region, λ₁ = 2/K = 0.2, is just stable. The hasty warm-up is thrown there and stays, with \
               the loss of guessing, 0.09, and one image of ten right. The slow one reaches the same step size and learns.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"digits"},
            "hidden":[64,64,64,64],"activation":"relu"},
            "runs":[{"policy":{"name":"warmup","eta":9,"horizon":50},"label":"hasty"},
                    {"policy":{"name":"warmup","eta":9,"horizon":200},"label":"slow"}],
            "steps":400,"spectrum":{"every":10},"columns":["accuracy","test_accuracy"]}"#,
        view: "panels:loss~sharpness~accuracy",
        speed: FULL_SPEED,
        pictured: (Panel::Sharpness, 400),
    },
    Scene {
        title: "Digits without Flatland",
        what: "500 digits, 64-64-64-10 tanh, two line searches and a constant step η = 2.",
        look: "From λ₁ = 2.3 the monotone search sharpens to 5, the nonmonotone one comes down below 1 without ever reaching \
               the floor 0.2, and the constant step sits at its edge, 2/η = 1. All three learn.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"digits"},"hidden":[64,64]},
            "runs":[{"policy":{"name":"line-search"},"label":"LS"},
                    {"policy":{"name":"nonmonotone-line-search"},"label":"NLS"},
                    {"policy":{"name":"constant","eta":2}}],
            "steps":600,"spectrum":{"every":10},"columns":["accuracy","test_accuracy"]}"#,
        view: "panels:loss~sharpness~accuracy",
        speed: FULL_SPEED,
        pictured: (Panel::Sharpness, 600),
    },
    Scene {
        title: "Linear autoencoder",
        what: "200 digits given back through 8 linear units, 64-8-64; a constant step η = 0.4, and CDAT.",
        look: "Both end within half a percent of the best that 8 directions can do, a loss of 0.166: the principal \
               directions. The constant step does so at λ₁ = 4.6, CDAT with twice the step size at half of it.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"digits","samples":200},"targets":"inputs",
            "hidden":[8],"activation":"linear","bias":false},
            "runs":[{"policy":{"name":"constant","eta":0.4}},{"policy":{"name":"cdat"}}],"steps":2000,
            "spectrum":{"every":10},"columns":["layer_gradient1","layer_gradient2"]}"#,
        view: "panels:loss~sharpness~layers",
        speed: FULL_SPEED,
        pictured: (Panel::Sharpness, 600),
    },
    Scene {
        title: "Two moons",
        what: "200 points of the plane, 2-16-16-2 tanh, constant steps η = 0.75 and 0.5, mean squared error.",
        look: "The boundary between the classes bends until every point is on its side. Both runs end near their own 2/η: \
               the larger step has the flatter end.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"moons"},"hidden":[16,16]},
            "runs":[{"policy":{"name":"constant","eta":0.75}},{"policy":{"name":"constant","eta":0.5}}],"steps":6000,
            "columns":["accuracy","test_accuracy"]}"#,
        view: "panels:loss~sharpness~accuracy",
        speed: 11,
        pictured: (Panel::Sharpness, 3000),
    },
    Scene {
        title: "MNIST",
        what: "5000 images of 28 × 28 pixels, 784-100-100-10 ReLU, the paper’s network, capped nonmonotone search.",
        look: "One step is some four billion operations: watch single steps. The sharpness is looked at every tenth step.",
        document: r#"{"version":1,"objective":{"name":"network","data":{"name":"mnist"},"hidden":[100,100],"activation":"relu"},
            "runs":[{"policy":{"name":"capped-nonmonotone-line-search"}}],"steps":200,"spectrum":{"every":10},
            "columns":["accuracy","test_accuracy"]}"#,
        view: "panels:loss~sharpness~accuracy",
        speed: FULL_SPEED,
        pictured: (Panel::Loss, 20),
    },
];

#[cfg(test)]
mod tests {
    use flatland_engine::Experiment;

    use super::*;
    use crate::view_settings::View;

    #[test]
    fn every_scene_can_be_read() {
        for scene in SCENES {
            let experiment = Experiment::from_json(scene.document).expect(scene.title);
            assert!(experiment.is_network() && scene.speed < crate::session::SPEEDS.len());
            assert!(scene.pictured.1 <= experiment.steps, "{}", scene.title);
            assert_eq!(View::decode(scene.view).1, Vec::<String>::new(), "{}", scene.title);
        }
    }
}
