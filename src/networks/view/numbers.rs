//! Rows of numbers with lists and texts in them, written and read in order. Reading takes anything:
//! where something is not what was written there is `None`, and no more room is taken than the
//! numbers themselves have.

/// Writes a row of numbers.
#[derive(Debug, Default)]
pub struct Writer {
    numbers: Vec<f64>,
}

impl Writer {
    /// Adds a number.
    pub fn number(&mut self, number: f64) {
        self.numbers.push(number);
    }

    /// Adds a whole number.
    pub fn count(&mut self, count: usize) {
        self.number(count as f64);
    }

    /// Adds yes or no.
    pub fn flag(&mut self, flag: bool) {
        self.count(usize::from(flag));
    }

    /// Adds numbers, with how many there are.
    pub fn numbers(&mut self, numbers: &[f64]) {
        self.count(numbers.len());
        self.numbers.extend_from_slice(numbers);
    }

    /// Adds items, with how many there are.
    pub fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.count(items.len());
        items.iter().for_each(|item| write(self, item));
    }

    /// Adds a text as its code points, with how many there are.
    pub fn text(&mut self, text: &str) {
        self.count(text.chars().count());
        self.numbers.extend(text.chars().map(|character| f64::from(u32::from(character))));
    }

    /// The numbers.
    pub fn into_numbers(self) -> Vec<f64> {
        self.numbers
    }
}

/// Reads what a [`Writer`] wrote.
#[derive(Debug)]
pub struct Reader<'a> {
    numbers: &'a [f64],
}

impl<'a> Reader<'a> {
    /// A reader at the first number.
    pub fn new(numbers: &'a [f64]) -> Self {
        Self { numbers }
    }

    /// Takes a number.
    pub fn number(&mut self) -> Option<f64> {
        let (first, rest) = self.numbers.split_first()?;
        self.numbers = rest;
        Some(*first)
    }

    /// Takes N numbers.
    pub fn array<const N: usize>(&mut self) -> Option<[f64; N]> {
        let (first, rest) = self.numbers.split_first_chunk()?;
        self.numbers = rest;
        Some(*first)
    }

    /// Takes a whole number below 2³².
    pub fn count(&mut self) -> Option<usize> {
        let number = self.number()?;
        ((0.0..=f64::from(u32::MAX)).contains(&number) && number.fract() == 0.0).then_some(number as usize)
    }

    /// Takes yes or no.
    pub fn flag(&mut self) -> Option<bool> {
        match self.count()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// Takes numbers.
    pub fn numbers(&mut self) -> Option<Vec<f64>> {
        let count = self.count()?;
        let (first, rest) = self.numbers.split_at_checked(count)?;
        self.numbers = rest;
        Some(first.to_vec())
    }

    /// Takes items, each of at least one number.
    pub fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        // Memory for a count that is none is never asked for.
        if count > self.numbers.len() {
            return None;
        }
        (0..count).map(|_| read(self)).collect()
    }

    /// Takes a text.
    pub fn text(&mut self) -> Option<String> {
        self.list(|reader| char::from_u32(u32::try_from(reader.count()?).ok()?)).map(String::from_iter)
    }

    /// Whether nothing is left.
    pub fn is_done(&self) -> bool {
        self.numbers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        writer.number(f64::NEG_INFINITY);
        writer.flag(true);
        writer.text("größer → 🂡");
        writer.numbers(&[1.5, -2.0]);
        writer.list(&[3, 4], |writer, item| writer.count(*item));
        let numbers = writer.into_numbers();
        let mut reader = Reader::new(&numbers);
        assert_eq!((reader.number(), reader.flag()), (Some(f64::NEG_INFINITY), Some(true)));
        assert_eq!(reader.text().as_deref(), Some("größer → 🂡"));
        assert_eq!(reader.numbers(), Some(vec![1.5, -2.0]));
        assert!(!reader.is_done());
        assert_eq!(reader.list(Reader::count), Some(vec![3, 4]));
        assert!(reader.is_done() && reader.number().is_none() && reader.array::<1>().is_none());
    }

    #[test]
    fn what_was_never_written_is_nothing() {
        for wrong in [f64::NAN, f64::INFINITY, -1.0, 0.5, 9e9, 1e300] {
            assert_eq!(Reader::new(&[wrong]).numbers(), None, "{wrong}");
            assert_eq!(Reader::new(&[wrong]).list(Reader::number), None, "{wrong}");
            assert_eq!(Reader::new(&[wrong]).flag(), None, "{wrong}");
            assert_eq!(Reader::new(&[1.0, wrong]).text(), None, "{wrong}");
        }
        // A surrogate is no character.
        assert_eq!(Reader::new(&[1.0, 55_296.0]).text(), None);
    }
}
