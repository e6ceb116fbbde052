//! Aligned tables that fold where the terminal is too narrow.

use crate::text::visible;
use anstyle::Style;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

const HEAD: Style = Style::new().bold();
const FOLDED: Style = Style::new().dimmed();
const GAP: usize = 2;

/// A table. Columns from `folds` on move to a line of their own below each row where a row
/// does not fit in one.
#[derive(Debug)]
pub(in crate::cli) struct Table<const N: usize> {
    head: [&'static str; N],
    folds: usize,
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(in crate::cli) fn new(head: [&'static str; N], folds: usize) -> Table<N> {
        Table {
            head,
            folds,
            rows: Vec::new(),
        }
    }

    pub(in crate::cli) fn row(&mut self, row: [String; N]) {
        self.rows.push(row.map(|cell| visible(&cell).into_owned()));
    }

    /// Writes it in a number of columns, or in as many as it takes.
    pub(in crate::cli) fn write(
        &self,
        out: &mut dyn Write,
        columns: Option<usize>,
    ) -> io::Result<()> {
        let widths = self.widths();
        let whole = widths
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + GAP)
            .sum::<usize>();
        let folded = columns.is_some_and(|columns| whole > columns + GAP);
        let until = if folded { self.folds } else { N };
        let head = self.head.map(str::to_owned);
        self.write_line(out, &head[..until], &widths, HEAD)?;
        for row in &self.rows {
            self.write_line(out, &row[..until], &widths, Style::new())?;
            let rest: Vec<_> = row[until..]
                .iter()
                .filter(|cell| !cell.is_empty())
                .collect();
            if !rest.is_empty() {
                write!(out, "{FOLDED}")?;
                for cell in rest {
                    write!(out, "{:GAP$}{cell}", "")?;
                }
                writeln!(out, "{FOLDED:#}")?;
            }
        }
        Ok(())
    }

    fn write_line(
        &self,
        out: &mut dyn Write,
        cells: &[String],
        widths: &[usize; N],
        style: Style,
    ) -> io::Result<()> {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths).filter(|(_, width)| **width > 0) {
            let padding = width + GAP - cell.width();
            line += cell;
            line.extend(std::iter::repeat_n(' ', padding));
        }
        writeln!(out, "{style}{}{style:#}", line.trim_end())
    }

    /// The width of each column as a terminal shows it; 0 where no row has anything in it.
    fn widths(&self) -> [usize; N] {
        std::array::from_fn(|i| {
            let widest = self.rows.iter().map(|row| row[i].width()).max();
            match widest.unwrap_or(0) {
                0 => 0,
                width => width.max(self.head[i].width()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(columns: Option<usize>) -> String {
        let mut table = Table::new(["NAME", "EMPTY", "N", "PLACE"], 3);
        table.row(["a-long-name", "", "1", "src/a.rs:1"].map(str::to_owned));
        table.row(["b\n", "", "22", ""].map(str::to_owned));
        let mut out = anstream::StripStream::new(Vec::new());
        table.write(&mut out, columns).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        let expected = "\
NAME         N   PLACE
a-long-name  1   src/a.rs:1
b\\n          22
";
        assert_eq!(text(None), expected);
        assert_eq!(text(Some(27)), expected);
    }

    #[test]
    fn wide_letters_and_marks_stay_in_their_columns() {
        let mut table = Table::new(["NAME", "N", "PLACE"], 2);
        table.row(["注文", "1", "src/注文.rs:1"].map(str::to_owned));
        table.row(["cafe\u{301}", "22", "é.rs:1"].map(str::to_owned));
        let text = |columns| {
            let mut out = anstream::StripStream::new(Vec::new());
            table.write(&mut out, Some(columns)).unwrap();
            String::from_utf8(out.into_inner()).unwrap()
        };
        let expected = "\
NAME  N   PLACE
注文  1   src/注文.rs:1
cafe\u{301}  22  é.rs:1
";
        assert_eq!(text(23), expected);
        // One column less than the first row needs.
        assert!(text(22).starts_with("NAME  N\n注文  1\n  src/注文.rs:1\n"));
    }

    #[test]
    fn a_narrow_terminal_folds_rows() {
        let expected = "\
NAME         N
a-long-name  1
  src/a.rs:1
b\\n          22
";
        assert_eq!(text(Some(26)), expected);
    }
}
