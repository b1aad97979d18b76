//! What a link keeps of the Atlas.

use flatland_atlas::MapError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Order;

/// Part of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    /// The lower end.
    pub from: f64,

    /// The higher end.
    pub to: f64,
}

/// The ends of both axes of a whole map, of which the one shown may be a part.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whole {
    /// Across.
    pub x: Ends,

    /// Up.
    pub y: Ends,
}

impl Whole {
    /// The ends of an order's axes.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        let ends = |axis: &flatland_atlas::Axis| Ends { from: axis.from, to: axis.to };
        Self { x: ends(&order.x), y: ends(&order.y) }
    }

    /// Whether both axes have a lower and a higher end.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.x.from < self.x.to && self.y.from < self.y.to
    }
}

/// See the module's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What is drawn.
    pub order: Order,

    /// Whether the same is drawn under every policy, side by side.
    pub is_all: bool,

    /// Whether the map has the whole window, without what stands beside it.
    pub is_alone: bool,

    /// The whole map; None where it is the usual one of its axes.
    pub whole: Option<Whole>,
}

impl Kept {
    /// Reads the document in a link: what stands behind it, such as the end of a sentence, is left
    /// out.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn read(text: &str) -> Result<Self, MapError> {
        let end = text.rfind('}').map_or(0, |at| at + 1);
        let unread = |error: serde_json::Error| {
            let found = format!("what cannot be read: {error}");
            MapError::new("", "a map’s description", found, "it was probably cut off: copy the link again")
        };
        let mut document: Value = serde_json::from_str(&text[..end]).map_err(unread)?;
        let mut take = |key: &str| document.as_object_mut().and_then(|object| object.remove(key)).unwrap_or_default();
        let is_all = take("all").as_bool().unwrap_or_default();
        let is_alone = take("alone").as_bool().unwrap_or_default();
        let whole = serde_json::from_value(take("whole")).map_err(unread)?;
        let order = serde_json::from_value(document).map_err(unread)?;
        Ok(Self { order, is_all, is_alone, whole })
    }

    /// The document in a link.
    #[must_use]
    pub fn to_json(&self) -> String {
        // The order is an object, to which nothing is added that it has already.
        let mut document = serde_json::to_value(&self.order).unwrap_or_default();
        if self.is_all {
            document["all"] = true.into();
        }
        if self.is_alone {
            document["alone"] = true.into();
        }
        if let Some(whole) = self.whole {
            document["whole"] = serde_json::to_value(whole).unwrap_or_default();
        }
        document.to_string()
    }
}

#[cfg(test)]
mod tests {
    use flatland_atlas::{Axis, Measure, Scale};

    use super::*;

    fn order() -> Order {
        let axis = |field: &str, from, to| Axis { field: field.to_owned(), from, to, scale: Scale::Linear };
        Order {
            run: 1,
            x: axis("runs[1].policy.eta", 0.1, 2.0),
            y: axis("start[0]", -1.0, 1.0),
            measure: Some(Measure::Outcome),
            steps: Some(50),
            limits: None,
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let ends = Ends { from: 0.0, to: 4.0 };
        for kept in [
            Kept { order: order(), is_all: false, is_alone: true, whole: None },
            Kept { order: order(), is_all: true, is_alone: false, whole: Some(Whole { x: ends, y: ends }) },
        ] {
            let text = kept.to_json();
            assert_eq!(Kept::read(&text), Ok(kept.clone()));
            assert_eq!(Kept::read(&format!("{text}).")), Ok(kept), "with the end of a sentence behind it");
            assert!(!text.contains("null"), "{text}");
        }
    }

    #[test]
    fn what_was_cut_off_is_said() {
        for text in ["", "{\"run\":0,", "{}", "[1]", "{\"run\":0,\"whole\":3}", "}{"] {
            let error = Kept::read(text).expect_err(text).to_string();
            assert!(error.contains("cannot be read") && error.contains("cut off"), "{text}: {error}");
        }
    }
}
