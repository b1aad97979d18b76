//! The Lab as components hold it.

use std::{ops::Deref, rc::Rc};

use super::Lab;

/// The Lab as a property: equal only to itself, so that nothing is re-rendered for its sake.
#[derive(Clone)]
pub struct LabHandle(pub Rc<Lab>);

impl PartialEq for LabHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for LabHandle {
    type Target = Lab;

    fn deref(&self) -> &Lab {
        &self.0
    }
}
