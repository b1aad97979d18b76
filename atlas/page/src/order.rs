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
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("the map’s description cannot be read: {error}"))
    }

    /// The drawing of an experiment that this orders.
    ///
    /// # Errors
    ///
    /// As for [`Map::new`] and [`Diagram::new`].
    pub fn of(&self, experiment: &Experiment) -> Result<Drawing, MapError> {
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

/// Reads an experiment.
pub(crate) fn experiment(text: &str) -> Result<Experiment, String> {
    Experiment::from_json(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_back_and_leaves_out_what_is_not_there() {
        let text = r#"{"run":0,"x":{"field":"runs[0].policy.eta","from":0.5,"to":2.2,"scale":"linear"},"y":{"field":"x0","from":-1.5,"to":1.5,"scale":"linear"}}"#;
        let order = Order::read(text).expect("an order");
        assert_eq!(serde_json::to_string(&order).expect("text"), text);
        let experiment = experiment(
            r#"{"version": 1, "objective": {"name": "double-well"}, "runs": [{"policy": {"name": "constant"}}]}"#,
        );
        assert!(matches!(order.of(&experiment.expect("valid")), Ok(Drawing::Diagram(_))));
        assert!(Order::read("{}").expect_err("no order").contains("cannot be read"));
    }
}
