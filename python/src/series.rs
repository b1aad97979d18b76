//! Numbers of a column while they come in, and when somebody looks at them.
//!
//! Most columns of a run are dull: the step counts up, a constant step size stays, a reference that
//! the policy does not have is NaN throughout. As long as a series goes on as it began it takes no
//! memory, whose pages would cost more time than the numbers. It gets its memory when NumPy or
//! Arrow first asks for it, once.

use std::sync::{Arc, OnceLock};

use arrow_buffer::{ArrowNativeType, ScalarBuffer};

/// Numbers that may go on as they began.
pub trait Number: ArrowNativeType {
    /// The number `place` steps after `first`, where each adds `by`.
    fn after(first: Self, by: Self, place: usize) -> Self;

    /// What leads from one number to the next; nothing for a kind that only ever stays.
    fn step(from: Self, to: Self) -> Self;

    /// Whether two numbers have the same bits.
    fn is_same(self, other: Self) -> bool;
}

impl Number for f64 {
    fn after(first: Self, _by: Self, _place: usize) -> Self {
        first
    }

    fn step(_from: Self, _to: Self) -> Self {
        0.0
    }

    fn is_same(self, other: Self) -> bool {
        self.to_bits() == other.to_bits()
    }
}

impl Number for i64 {
    fn after(first: Self, by: Self, place: usize) -> Self {
        first + by * place as i64
    }

    fn step(from: Self, to: Self) -> Self {
        to - from
    }

    fn is_same(self, other: Self) -> bool {
        self == other
    }
}

/// A series that grows.
#[derive(Clone, Debug)]
pub enum Growing<T> {
    /// It goes on as it began, but for its last number: a run's last row has no step.
    Steady {
        /// The first number.
        first: T,
        /// What leads to the next one.
        by: T,
        /// How many go on like that.
        count: usize,
        /// One behind them that does not.
        last: Option<T>,
    },

    /// Number by number.
    Listed(Vec<T>),
}

impl<T: Number> Default for Growing<T> {
    fn default() -> Self {
        Self::Steady { first: T::usize_as(0), by: T::usize_as(0), count: 0, last: None }
    }
}

impl<T: Number> Growing<T> {
    /// Adds numbers at the end.
    pub fn extend(&mut self, mut numbers: impl Iterator<Item = T>) {
        if let Self::Steady { first, by, count, last } = self {
            loop {
                let Some(number) = numbers.next() else { return };
                match *count {
                    _ if last.is_some() => {}
                    0 => {
                        (*first, *count) = (number, 1);
                        continue;
                    }
                    1 if T::after(*first, T::step(*first, number), 1).is_same(number) => {
                        (*by, *count) = (T::step(*first, number), 2);
                        continue;
                    }
                    _ if T::after(*first, *by, *count).is_same(number) => {
                        *count += 1;
                        continue;
                    }
                    _ => {
                        *last = Some(number);
                        continue;
                    }
                }
                let mut listed = self.to_vec();
                listed.push(number);
                listed.extend(numbers);
                *self = Self::Listed(listed);
                return;
            }
        } else if let Self::Listed(listed) = self {
            listed.extend(numbers);
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Steady { count, last, .. } => count + usize::from(last.is_some()),
            Self::Listed(listed) => listed.len(),
        }
    }

    fn to_vec(&self) -> Vec<T> {
        match self {
            Self::Steady { first, by, count, last } => {
                (0..*count).map(|place| T::after(*first, *by, place)).chain(*last).collect()
            }
            Self::Listed(listed) => listed.clone(),
        }
    }
}

/// A series that is complete; clones share its memory.
#[derive(Clone, Debug)]
pub struct Series<T: Number>(Arc<(Growing<T>, OnceLock<ScalarBuffer<T>>)>);

impl<T: Number> Series<T> {
    /// The number of numbers.
    pub fn len(&self) -> usize {
        // What was listed lies in the memory alone.
        self.0.1.get().map_or_else(|| self.0.0.len(), |memory| memory.len())
    }

    /// Where they lie, from now on.
    pub fn memory(&self) -> &ScalarBuffer<T> {
        self.0.1.get_or_init(|| self.0.0.to_vec().into())
    }
}

impl<T: Number> From<Growing<T>> for Series<T> {
    fn from(growing: Growing<T>) -> Self {
        match growing {
            Growing::Listed(listed) => listed.into(),
            steady => Self(Arc::new((steady, OnceLock::new()))),
        }
    }
}

impl<T: Number> From<Vec<T>> for Series<T> {
    fn from(listed: Vec<T>) -> Self {
        Self(Arc::new((Growing::default(), OnceLock::from(ScalarBuffer::from(listed)))))
    }
}

impl<T: Number> From<ScalarBuffer<T>> for Series<T> {
    fn from(memory: ScalarBuffer<T>) -> Self {
        Self(Arc::new((Growing::default(), OnceLock::from(memory))))
    }
}
