//! What the two windows of a lecture say to each other, as texts.

/// What the presenter's window asks of the lecture's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To be told where the lecture is.
    Tell,
    /// To go on or back by steps.
    Turn(isize),
    /// A blank screen, or the page again.
    Blank,
    /// Nothing more: it closes.
    Farewell,
}

/// What the lecture's window tells the presenter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The place in the lessons that is open, as links have it, and whether the screen is blank.
    At(String, bool),
    /// No lesson is open.
    NoLesson,
    /// The window closes or is loaded anew.
    Farewell,
}

const TELL: &str = "tell";
const TURN: &str = "turn ";
const BLANK: &str = "blank";
const CLOSED: &str = "presenter closed";
const AT: &str = "at ";
const AT_BLANK: &str = "blank at ";
const NO_LESSON: &str = "no lesson";
const GONE: &str = "lecture gone";

impl Wish {
    /// As a text.
    pub fn write(self) -> String {
        match self {
            Self::Tell => TELL.to_owned(),
            Self::Turn(by) => format!("{TURN}{by}"),
            Self::Blank => BLANK.to_owned(),
            Self::Farewell => CLOSED.to_owned(),
        }
    }

    /// Reads what [`Wish::write`] has written.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            TELL => Some(Self::Tell),
            BLANK => Some(Self::Blank),
            CLOSED => Some(Self::Farewell),
            _ => text.strip_prefix(TURN)?.parse().ok().map(Self::Turn),
        }
    }
}

impl News {
    /// As a text.
    pub fn write(&self) -> String {
        match self {
            Self::At(place, true) => format!("{AT_BLANK}{place}"),
            Self::At(place, false) => format!("{AT}{place}"),
            Self::NoLesson => NO_LESSON.to_owned(),
            Self::Farewell => GONE.to_owned(),
        }
    }

    /// Reads what [`News::write`] has written.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            NO_LESSON => Some(Self::NoLesson),
            GONE => Some(Self::Farewell),
            _ => match text.strip_prefix(AT_BLANK) {
                Some(place) => Some(Self::At(place.to_owned(), true)),
                None => Some(Self::At(text.strip_prefix(AT)?.to_owned(), false)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_reads_what_the_other_writes_and_nothing_of_its_own() {
        for wish in [Wish::Tell, Wish::Turn(-1), Wish::Turn(1), Wish::Blank, Wish::Farewell] {
            assert_eq!(Wish::read(&wish.write()), Some(wish));
            assert_eq!(News::read(&wish.write()), None);
        }
        let at = |is_blank| News::At("period-doubling-3".to_owned(), is_blank);
        for news in [at(true), at(false), News::NoLesson, News::Farewell] {
            assert_eq!(News::read(&news.write()), Some(news.clone()));
            assert_eq!(Wish::read(&news.write()), None);
        }
    }
}
