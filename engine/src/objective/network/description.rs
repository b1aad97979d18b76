//! What a network says about itself in documents, and how it is built from one.

use super::{Activation, Architecture, Initialization, Layers, Loss, MAX_PARAMETERS, MAX_UNITS_TIMES_SAMPLES, Network};
use crate::data::{self, Targets};
use crate::objective::{Build, Built, Dimension, Entry, NETWORK};
use crate::spec::{Bounds, Description, ErrorKind, FieldError, Parameter, ParameterKind, Scale, Spec};

/// The most hidden layers.
const MAX_LAYERS: usize = 32;

/// The most units of a layer.
const MAX_WIDTH: f64 = 10_000.0;

pub(in crate::objective) const ENTRY: Entry = Entry {
    description: &Description {
        name: NETWORK,
        title: "Neural network",
        short: "network",
        latex: Description::tex(
            r"f(x) = \frac1n \sum_{i=1}^n \ell\bigl(W_L\,\varphi(\cdots \varphi(W_1 u_i + b_1) \cdots) + b_L,\; t_i\bigr)",
        ),
        summary: "A multilayer perceptron, trained on all samples at once. With a constant step the sharpness rises to \
                  2/η and stays there; a nonmonotone search takes steps so large that it falls to its least value.",
        source: "Cohen et al., 2021, arXiv 2103.00065; Galli et al., 2026, arXiv 2606.06722",
        parameters: &[
            Parameter {
                key: "data",
                symbol: "data",
                help: "what the network learns from",
                order: None,
                kind: ParameterKind::Part { default: "chebyshev", options: data::descriptions },
            },
            Parameter {
                key: "targets",
                symbol: "t",
                help: "the data's own, or the inputs, which the network is to give back (an autoencoder)",
                order: None,
                kind: ParameterKind::Choice { default: "data", options: &["data", "inputs"] },
            },
            Parameter {
                key: "hidden",
                symbol: "hidden",
                help: "the widths of the hidden layers",
                order: None,
                kind: ParameterKind::Widths {
                    default: &[30.0, 20.0],
                    bounds: Bounds::closed(1.0, MAX_WIDTH),
                    max_length: MAX_LAYERS,
                },
            },
            Parameter {
                key: "activation",
                symbol: "φ",
                help: "what stands between two layers",
                order: None,
                kind: ParameterKind::Choice { default: "tanh", options: &Activation::NAMES },
            },
            Parameter {
                key: "bias",
                symbol: "bias",
                help: "whether layers have biases",
                order: None,
                kind: ParameterKind::Flag { default: true },
            },
            Parameter {
                key: "loss",
                symbol: "ℓ",
                help: "what is minimized; their sharpness differs by factors",
                order: None,
                kind: ParameterKind::Choice { default: "mean-squared-error", options: &Loss::NAMES },
            },
            Parameter {
                key: "initialization",
                symbol: "start",
                help: "how the weights at the start are drawn",
                order: None,
                kind: ParameterKind::Part { default: "pytorch", options: || vec![&PYTORCH, &XAVIER, &NORMAL] },
            },
        ],
    },
    dimension: Dimension::Drawn,
    default_start: &[],
    view: [-1.0, 1.0, -1.0, 1.0],
    constant_step: 0.2,
    build: Build::Drawn(build),
};

const PYTORCH: Description = Description {
    name: "pytorch",
    title: "PyTorch’s default, scaled",
    short: "pytorch",
    latex: "",
    summary: "Weights and biases uniform in ±s/√(fan in).",
    source: "PyTorch, torch.nn.Linear",
    parameters: &[Parameter::number(
        "scale",
        "s",
        "s in ±s/√(fan in)",
        1.0,
        Bounds::above(0.0, 1000.0),
        (0.25, 4.0),
        Scale::Log,
    )],
};

const XAVIER: Description = Description {
    name: "xavier",
    title: "Xavier",
    short: "xavier",
    latex: "",
    summary: "Weights uniform in ±√(6/(fan in + fan out)), biases 0.",
    source: "Glorot & Bengio, 2010",
    parameters: &[],
};

const NORMAL: Description = Description {
    name: "normal",
    title: "Normal",
    short: "normal",
    latex: "",
    summary: "Weights normal with variance gain²/(fan in), biases 0.",
    source: "LeCun et al., 1998, Efficient BackProp",
    parameters: &[Parameter::number(
        "gain",
        "gain",
        "the gain of every layer",
        1.0,
        Bounds::above(0.0, 1000.0),
        (0.25, 4.0),
        Scale::Log,
    )],
};

fn build(spec: &Spec, seed: u64) -> Built {
    let data = data::build(spec.part("data"), seed, "objective.data")?;
    let data = if spec.text("targets") == "inputs" { data.with_inputs_as_targets() } else { data };
    let loss = Loss::find(spec.text("loss")).unwrap_or(Loss::MeanSquaredError);
    if loss == Loss::CrossEntropy && matches!(data.targets, Targets::Values { .. }) {
        let (expected, found) =
            ("data with classes", format!("\"{}\", whose targets are numbers", spec.part("data").name));
        let remedy = "take a squared error, or other data or targets";
        return Err(FieldError::new(ErrorKind::Range, "objective.loss", expected, found, remedy));
    }
    let hidden = spec.numbers("hidden").iter().map(|width| *width as usize);
    let widths: Vec<usize> = [data.inputs].into_iter().chain(hidden).chain([data.targets.outputs()]).collect();
    let units: usize = widths.iter().sum();
    let layers = Layers::new(widths, spec.flag("bias"));
    let too_large = |expected: String, found: String, remedy: &str| {
        Err(FieldError::new(ErrorKind::Range, "objective.hidden", expected, found, remedy))
    };
    if layers.parameters() > MAX_PARAMETERS {
        let (expected, found) = (format!("at most {MAX_PARAMETERS} parameters"), layers.parameters().to_string());
        return too_large(expected, found, "take narrower or fewer layers");
    }
    let size = units.saturating_mul(data.train.count.max(data.test.count));
    if size > MAX_UNITS_TIMES_SAMPLES {
        let expected = format!("at most {MAX_UNITS_TIMES_SAMPLES} units times samples");
        return too_large(expected, size.to_string(), "take narrower layers or fewer samples");
    }
    let initialization = spec.part("initialization");
    let initialization = match initialization.name.as_str() {
        "xavier" => Initialization::Xavier,
        "normal" => Initialization::Normal { gain: initialization.number("gain") },
        _ => Initialization::Pytorch { scale: initialization.number("scale") },
    };
    let activation = Activation::find(spec.text("activation")).unwrap_or(Activation::Tanh);
    Ok(Box::new(Network::new(Architecture { layers, activation, loss, initialization }, data, seed)))
}
