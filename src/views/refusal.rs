//! Why a field does not take a number, in words about the field that is seen.

use std::ops::Bound;

use flatland_engine::spec::{Bounds, MAX_MAGNITUDE};

use crate::typed::written;

/// What is wrong with a number for the field called `name`, if it is out of bounds: "η must be
/// above 0; got -1."
pub fn outside(name: &str, bounds: Bounds, value: f64) -> Option<String> {
    if bounds.contains(value) {
        return None;
    }
    if value.abs() > MAX_MAGNITUDE {
        return Some(format!("{name} must be at most {MAX_MAGNITUDE:e} in size; got {}.", written(value)));
    }
    // An end at the largest magnitude of all numbers is no fact about this one.
    let is_told = |end: &f64| end.abs() < MAX_MAGNITUDE;
    let least = match bounds.min {
        Bound::Included(end) => Some(end).filter(is_told).map(|end| format!("at least {}", written(end))),
        Bound::Excluded(end) => Some(end).filter(is_told).map(|end| format!("above {}", written(end))),
        Bound::Unbounded => None,
    };
    let most = match bounds.max {
        Bound::Included(end) => Some(end).filter(is_told).map(|end| format!("at most {}", written(end))),
        Bound::Excluded(end) => Some(end).filter(is_told).map(|end| format!("below {}", written(end))),
        Bound::Unbounded => None,
    };
    let said: Vec<String> = [least, most].into_iter().flatten().collect();
    Some(format!("{name} must be {}; got {}.", said.join(" and "), written(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_told_of_the_field() {
        let told = |bounds, value| outside("η", bounds, value);
        assert_eq!(told(Bounds::POSITIVE, 0.5), None);
        assert_eq!(told(Bounds::POSITIVE, -1.0).as_deref(), Some("η must be above 0; got -1."));
        assert_eq!(told(Bounds::NONNEGATIVE, -0.5).as_deref(), Some("η must be at least 0; got -0.5."));
        assert_eq!(told(Bounds::open(0.0, 1.0), 2.0).as_deref(), Some("η must be above 0 and below 1; got 2."));
        assert_eq!(told(Bounds::closed(1.0, 8.0), 9.0).as_deref(), Some("η must be at least 1 and at most 8; got 9."));
        assert_eq!(told(Bounds::ANY, 1e200).as_deref(), Some("η must be at most 1e150 in size; got 1e200."));
    }
}
