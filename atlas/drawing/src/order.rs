//! What is to be drawn, as a small document: part of the link, and what workers are told.

use flatland_atlas::bifurcation::{Diagram, Quantity};
use flatland_atlas::{Axis, Map, MapError, Measure, Scale};
use flatland_engine::Experiment;
use serde::{Deserialize, Serialize};

/// Iterates that leave a mark in a column of a bifurcation diagram.
pub const ITERATES: u64 = 400;

/// What to draw of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Which run.
    pub run: usize,

    /// The axis across.
    pub x: Axis,

    /// The axis up; of a bifurcation diagram its field is `x0`, `x1`, …, `loss` or `sharpness`.
    pub y: Axis,

    /// What the color says; None for a bifurcation diagram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,

    /// The steps of each run; None for those of the experiment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,

    /// The ends of the color scale; None for those that the pixels ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<[f64; 2]>,
}

/// What is drawn, checked.
#[derive(Clone, Debug)]
pub enum Drawing {
    /// A map.
    Map(Box<Map>),

    /// A bifurcation diagram.
    Diagram(Box<Diagram>),
}

impl Order {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn read(text: &str) -> Result<Self, MapError> {
        serde_json::from_str(text).map_err(|error| {
            let found = format!("what cannot be read: {error}");
            MapError::new("", "a map’s description", found, "begin with the map that the experiment suggests")
        })
    }

    /// The order as a document.
    #[must_use]
    pub fn to_json(&self) -> String {
        // There are neither maps with other keys than texts nor numbers that are not finite in it.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The drawing of an experiment that this orders.
    ///
    /// # Errors
    ///
    /// As for [`Map::new`] and [`Diagram::new`], and if the color scale cannot be drawn.
    pub fn drawing(&self, experiment: &Experiment) -> Result<Drawing, MapError> {
        if let Some([low, high]) = self.limits
            && !(low.is_finite() && high.is_finite() && low < high)
        {
            let found = format!("{low} to {high}");
            return Err(MapError::new(
                "limits",
                "a finite lower end below a finite higher one",
                found,
                "mend one of them",
            ));
        }
        let mut experiment = experiment.clone();
        if let Some(steps) = self.steps {
            experiment.steps = steps;
        }
        let Self { run, x, y, .. } = self.clone();
        Ok(match self.measure {
            Some(measure) => Drawing::Map(Box::new(Map::new(&experiment, run, x, y, measure)?)),
            None => {
                if y.scale == Scale::Log {
                    let remedy = "use a linear one";
                    return Err(MapError::new(y.field, "a linear scale upwards", "a logarithmic one", remedy));
                }
                let experiment = experiment.complete_and_check()?;
                let quantity = Quantity::named(&y.field, experiment.start.len())?;
                Drawing::Diagram(Box::new(Diagram::new(&experiment, run, x, quantity, (y.from, y.to), ITERATES)?))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_back_and_leaves_out_what_is_not_there() {
        let text = r#"{"run":0,"x":{"field":"runs[0].policy.eta","from":0.5,"to":2.2,"scale":"linear"},"y":{"field":"x0","from":-1.5,"to":1.5,"scale":"linear"}}"#;
        let order = Order::read(text).expect("an order");
        assert_eq!(order.to_json(), text);
        let experiment = Experiment::from_json(
            r#"{"version": 1, "objective": {"name": "double-well"}, "runs": [{"policy": {"name": "constant"}}]}"#,
        );
        assert!(matches!(order.drawing(&experiment.expect("valid")), Ok(Drawing::Diagram(_))));
        assert!(Order::read("{}").expect_err("no order").to_string().contains("cannot be read"));
    }

    #[test]
    fn a_color_scale_has_two_ends_in_their_order() {
        let experiment = Experiment::from_json(
            r#"{"version": 1, "objective": {"name": "double-well"}, "runs": [{"policy": {"name": "constant"}}]}"#,
        )
        .expect("valid");
        let axis = |field: &str| Axis { field: field.to_owned(), from: 0.5, to: 2.0, scale: Scale::Linear };
        let order = |limits| Order {
            run: 0,
            x: axis("runs[0].policy.eta"),
            y: axis("start[0]"),
            measure: Some(Measure::Sharpness),
            steps: None,
            limits: Some(limits),
        };
        assert!(order([-1.0, 2.0]).drawing(&experiment).is_ok());
        for limits in [[2.0, 2.0], [3.0, -1.0], [f64::NAN, 1.0], [0.0, f64::INFINITY]] {
            let error = order(limits).drawing(&experiment).expect_err("no scale");
            assert_eq!(error.field, "limits");
        }
        assert_eq!(Order::read(&order([-1.0, 2.0]).to_json()), Ok(order([-1.0, 2.0])));
    }
}
