//! Every run as a table that pgfplots reads, short enough for TeX and yet faithful: of every
//! stretch of steps there are the first, the last, and those with the least and the greatest value
//! of every column, so that no spike and no oscillation's reach is lost. All numbers of a row
//! belong to one iterate.

use std::fmt::Write as _;

use flatland_engine::{Descent, Experiment, FieldError, Record};

/// The most rows of one table.
pub const MAX_ROWS: usize = 2_000;

/// Columns with extremes to keep: loss, sharpness, threshold, product.
const COLUMNS: usize = 4;

/// The most rows of one stretch: its ends and two extremes of each column.
const KEPT: usize = 2 + 2 * COLUMNS;

#[derive(Clone, Copy)]
struct Row {
    step: u64,
    step_size: f64,
    values: [f64; COLUMNS],
}

impl Row {
    fn of(record: &Record) -> Self {
        let or_nan = |number: Option<f64>| number.unwrap_or(f64::NAN);
        let values = [record.loss, record.sharpness, or_nan(record.threshold), or_nan(record.product())];
        Self { step: record.step, step_size: or_nan(record.step_size), values }
    }
}

/// The tables of all runs up to step `last`, and a figure that draws their losses.
///
/// # Errors
///
/// If the experiment is not valid.
pub fn tables(experiment: &Experiment, last: u64, link: &str) -> Result<String, FieldError> {
    let mut text = String::from("% Flatland: ");
    // Writing to memory cannot fail.
    let _ =
        writeln!(text, "{}\n% \\usepackage{{pgfplots}} \\pgfplotsset{{compat=1.18}}", link.replace(['\n', '\r'], " "));
    let mut names = Vec::new();
    for (run, letter) in (0..experiment.runs.len()).zip('A'..) {
        let name = format!("\\flatlandRun{letter}");
        let mut descent = Descent::new(experiment, run)?;
        let (rows, steps) = decimated(std::iter::from_fn(|| descent.advance()).take_while(|r| r.step <= last));
        let title = experiment.runs[run].title();
        let _ = writeln!(text, "% {}: {} of {steps} steps, with every extreme", plain(&title), rows.len());
        let _ = writeln!(text, "\\pgfplotstableread{{\nstep loss sharpness threshold product eta");
        for Row { step, step_size, values } in rows {
            let _ = write!(text, "{step}");
            values.into_iter().chain([step_size]).for_each(|value| {
                let _ = write!(text, " {}", number(value));
            });
            text.push('\n');
        }
        let _ = writeln!(text, "}}{name}");
        names.push((name, title));
    }
    text.push_str("\\begin{tikzpicture}\n\\begin{semilogyaxis}[xlabel={step}, ylabel={loss}, no markers]\n");
    for (name, title) in names {
        let _ = writeln!(text, "\\addplot table[x=step, y=loss] {{{name}}}; \\addlegendentry{{{}}}", escaped(&title));
    }
    text.push_str("\\end{semilogyaxis}\n\\end{tikzpicture}\n");
    Ok(text)
}

/// The rows to keep, and how many there were.
///
/// Stretches double whenever there are too many of them, so that one pass and little memory are
/// enough whatever the length.
fn decimated(records: impl Iterator<Item = Record>) -> (Vec<Row>, usize) {
    let mut kept: Vec<Vec<Row>> = Vec::new();
    let (mut stretch, mut steps) = (1, 0);
    for record in records {
        if steps % stretch == 0 {
            if total(&kept) + KEPT > MAX_ROWS {
                kept = kept.chunks(2).map(|pair| extremes(pair.concat())).collect();
                stretch *= 2;
            }
            if steps % stretch == 0 {
                kept.push(Vec::new());
            }
        }
        steps += 1;
        if let Some(newest) = kept.last_mut() {
            newest.push(Row::of(&record));
            if newest.len() > 2 * KEPT {
                *newest = extremes(std::mem::take(newest));
            }
        }
    }
    (kept.into_iter().flat_map(extremes).collect(), steps)
}

fn total(kept: &[Vec<Row>]) -> usize {
    kept.iter().map(Vec::len).sum()
}

/// Of these rows the first, the last, and for each column one with its least and one with its
/// greatest value, in their order.
fn extremes(rows: Vec<Row>) -> Vec<Row> {
    if rows.len() <= 2 {
        return rows;
    }
    let mut is_kept = vec![false; rows.len()];
    is_kept[0] = true;
    is_kept[rows.len() - 1] = true;
    for column in 0..COLUMNS {
        let finite = || (0..rows.len()).filter(|i| rows[*i].values[column].is_finite());
        let by_value = |a: &usize, b: &usize| rows[*a].values[column].total_cmp(&rows[*b].values[column]);
        for extreme in [finite().min_by(by_value), finite().max_by(by_value)].into_iter().flatten() {
            is_kept[extreme] = true;
        }
    }
    rows.into_iter().zip(is_kept).filter_map(|(row, is_kept)| is_kept.then_some(row)).collect()
}

/// A number that TeX reads; pgfplots leaves `nan` out of a line.
fn number(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "inf".to_owned() } else { "-inf".to_owned() }
    } else {
        format!("{value:e}")
    }
}

/// One line without what ends a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text that stock pdfLaTeX sets as it is meant: signs with a meaning for TeX as their commands,
/// Greek letters, raised and lowered digits in formulas. Letters of scripts that its fonts lack
/// become question marks; the comment above the table has them.
fn escaped(text: &str) -> String {
    let mut tex = String::new();
    for c in plain(text).chars() {
        let digit = |digits: &str| digits.chars().position(|known| known == c);
        match c {
            '\\' => tex.push_str("\\textbackslash{}"),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => tex.extend(['\\', c]),
            '~' => tex.push_str("\\textasciitilde{}"),
            '^' => tex.push_str("\\textasciicircum{}"),
            // Ligatures of the usual fonts.
            '<' => tex.push_str("$<$"),
            '>' => tex.push_str("$>$"),
            '|' => tex.push_str("$|$"),
            '"' | '“' | '”' | '«' | '»' => tex.push_str("''"),
            // Letters that the usual fonts cannot be asked for.
            c if "ÐÞðþĄąĐđĘęĦħĮįĸĿŀŉŊŋŦŧŲųſ".contains(c) => tex.push('?'),
            '¹' | '²' | '³' => tex.push_str(&format!("$^{}$", if c == '¹' { 1 } else { u32::from(c) - 0xb0 })),
            ' '..='}' | '\u{a0}'..='ſ' => tex.push(c),
            '–' => tex.push_str("--"),
            '—' => tex.push_str("---"),
            '‘' | '’' => tex.push('\''),
            '⁻' => tex.push_str("$^-$"),
            '…' => tex.push_str("\\dots{}"),
            _ => match (digit("₀₁₂₃₄₅₆₇₈₉"), digit("⁰¹²³⁴⁵⁶⁷⁸⁹"), symbol(c)) {
                (Some(digit), ..) => tex.push_str(&format!("$_{digit}$")),
                (_, Some(digit), _) => tex.push_str(&format!("$^{digit}$")),
                (.., Some(command)) => tex.push_str(&format!("$\\{command}$")),
                _ => tex.push('?'),
            },
        }
    }
    tex
}

/// The command of a sign in formulas.
fn symbol(c: char) -> Option<&'static str> {
    let name = match c {
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' => "varepsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' => "theta",
        'ι' => "iota",
        'κ' => "kappa",
        'λ' => "lambda",
        'μ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'π' => "pi",
        'ρ' => "rho",
        'σ' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'φ' => "varphi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        'Γ' => "Gamma",
        'Δ' => "Delta",
        'Θ' => "Theta",
        'Λ' => "Lambda",
        'Ξ' => "Xi",
        'Π' => "Pi",
        'Σ' => "Sigma",
        'Φ' => "Phi",
        'Ψ' => "Psi",
        'Ω' => "Omega",
        'ℓ' => "ell",
        '∇' => "nabla",
        '∂' => "partial",
        '∞' => "infty",
        '√' => "surd",
        '−' => "mathord{-}",
        '≤' => "leq",
        '≥' => "geq",
        '≠' => "neq",
        '≈' => "approx",
        '→' => "rightarrow",
        '‖' => "|",
        '∈' => "in",
        _ => return None,
    };
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(json: &str, run: usize) -> Vec<Record> {
        let experiment = Experiment::from_json(json).expect("valid");
        let mut descent = Descent::new(&experiment, run).expect("valid");
        std::iter::from_fn(|| descent.advance()).collect()
    }

    const RIVER: &str = r#"{"version":1,"objective":{"name":"river"},"steps":30000,"runs":[
        {"policy":{"name":"constant","eta":0.5},"label":"50 % & #1_η"}]}"#;

    #[test]
    fn every_extreme_of_a_long_run_is_among_its_few_rows() {
        let all = records(RIVER, 0);
        let (rows, steps) = decimated(all.iter().copied());
        assert_eq!(steps, all.len());
        assert!(steps > 10 * MAX_ROWS && rows.len() <= MAX_ROWS && rows.len() > MAX_ROWS / 8, "{}", rows.len());
        assert!(rows.windows(2).all(|pair| pair[0].step < pair[1].step));
        assert_eq!((rows[0].step, rows[rows.len() - 1].step), (0, all[all.len() - 1].step));
        // Over every window of a hundredth of the run: nothing reaches further than what is kept
        // around it.
        let width = steps / 50;
        for window in all.chunks(width) {
            let (first, last) = (window[0].step, window[window.len() - 1].step);
            let near = |row: &&Row| row.step + width as u64 >= first && row.step <= last + width as u64;
            for column in 0..COLUMNS {
                let greatest =
                    |rows: &mut dyn Iterator<Item = Row>| rows.map(|r| r.values[column]).fold(f64::MIN, f64::max);
                let full = greatest(&mut window.iter().map(Row::of));
                let kept = greatest(&mut rows.iter().filter(near).copied());
                assert!(kept >= full, "column {column} at {first}: {kept} < {full}");
            }
        }
    }

    #[test]
    fn a_short_run_is_kept_whole() {
        let all = records(&RIVER.replace("30000", "900"), 0);
        let (rows, _) = decimated(all.iter().copied());
        assert_eq!(rows.len(), all.len());
    }

    #[test]
    fn the_table_is_cut_at_the_step_and_escaped_for_tex() {
        let experiment = Experiment::from_json(RIVER).expect("valid");
        let text = tables(&experiment, 7, "https://example.org/#lab=1").expect("valid");
        let rows = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).count();
        assert_eq!(rows, 8);
        assert!(text.contains("\\addlegendentry{50 \\% \\& \\#1\\_$\\eta$}"), "{text}");
        assert!(text.contains("\\pgfplotstableread{\nstep loss"));
        assert_eq!(text.matches("\\begin{").count(), text.matches("\\end{").count());
        assert_eq!(escaped("c/λ₁ − x² ≤ 10⁻³ Ω"), "c/$\\lambda$$_1$ $\\mathord{-}$ x$^2$ $\\leq$ 10$^-$$^3$ $\\Omega$");
        assert_eq!(escaped("шаг <a>"), "??? $<$a$>$");
        assert_eq!(escaped("grün é"), "grün é");
    }
}
