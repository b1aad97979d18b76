//! An experiment, computed as the page's workers do it.

use flatland::protocol::{Batch, End};
use flatland::recorder::Recorder;
use flatland::session::Session;
use flatland_engine::experiment::FieldError;
use flatland_engine::{Experiment, column::Column};

/// The experiment with its runs up to a step, which is the one shown, and with these columns.
pub fn recorded(experiment: &Experiment, columns: &[Column], until: u64) -> Result<Session, FieldError> {
    let mut experiment = experiment.clone();
    let missing: Vec<Column> = columns.iter().copied().filter(|column| !experiment.columns.contains(column)).collect();
    experiment.columns.extend(missing);
    let mut session = Session::new(experiment);
    let runs: Vec<_> = session.runs().iter().map(|run| (run.id, run.generation)).collect();
    for (index, (run, generation)) in runs.into_iter().enumerate() {
        let mut recorder = Recorder::new(session.experiment(), index)?;
        let (width, coordinates) = (recorder.width(), recorder.coordinates());
        let mut rows: Vec<Vec<f64>> = Vec::new();
        while rows.len() as u64 <= until
            && let Some((_, row)) = recorder.next_row()
        {
            rows.push(row.collect());
        }
        let columns = (0..width).flat_map(|column| rows.iter().map(move |row| row[column])).collect();
        session.absorb(&Batch { run, generation, first: 0, rows: rows.len(), coordinates, columns });
        if let Some(outcome) = recorder.outcome() {
            session.end(run, generation, End::of(outcome));
        }
    }
    session.seek(until);
    Ok(session)
}
