//! Tables that fit a terminal: columns are left out, those first that are worth least; then names are
//! shortened in the middle, never so that two look alike. Without a terminal everything is shown.

use crate::text::visible;
use anstyle::Style;
use std::{
    collections::BTreeSet,
    io::{self, Write},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const HEAD: Style = Style::new().bold();
const GAP: usize = 2;

/// What stands in a name for its middle.
const LEFT_OUT: char = '…';

/// Names keep at least so many columns; in a terminal that has no room for them, lines break.
const SHORTEST_NAME: usize = 16;

/// A column.
#[derive(Debug)]
pub(in crate::cli) struct Column {
    head: String,
    is_right: bool,
    worth: Option<usize>,
}

impl Column {
    /// Returns a column of texts.
    pub(in crate::cli) fn texts(head: impl Into<String>) -> Column {
        Column {
            head: head.into(),
            is_right: false,
            worth: None,
        }
    }

    /// Returns a column of numbers, which end below each other.
    pub(in crate::cli) fn numbers(head: impl Into<String>) -> Column {
        Column {
            is_right: true,
            ..Column::texts(head)
        }
    }

    /// Returns the same, which is left out where there is no room, before those that are worth more.
    #[must_use]
    pub(in crate::cli) fn worth(self, worth: usize) -> Column {
        Column {
            worth: Some(worth),
            ..self
        }
    }
}

/// A cell.
#[derive(Debug)]
pub(in crate::cli) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Returns a cell in a style, which says nothing that the text does not.
    pub(in crate::cli) fn styled(text: &str, style: Style) -> Cell {
        Cell {
            text: visible(text).into_owned(),
            style,
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::styled(&text, Style::new())
    }
}

/// A table whose first column has names.
#[derive(Debug)]
pub(in crate::cli) struct FittedTable {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    others: Vec<String>,
}

impl FittedTable {
    /// Returns an empty one.
    pub(in crate::cli) fn new(columns: Vec<Column>) -> FittedTable {
        FittedTable {
            columns,
            rows: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Adds a row with a cell for each column.
    pub(in crate::cli) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Adds a name that has no row, and that none with a row may look like.
    pub(in crate::cli) fn other_name(&mut self, name: &str) {
        self.others.push(visible(name).into_owned());
    }

    /// Writes it in a number of columns of a terminal, or in as many as it takes.
    pub(in crate::cli) fn write(
        &self,
        out: &mut dyn Write,
        terminal: Option<usize>,
    ) -> io::Result<()> {
        let widths: Vec<_> = (0..self.columns.len()).map(|n| self.width(n)).collect();
        let terminal = terminal.unwrap_or(usize::MAX);
        let shown = self.shown(&widths, terminal);
        let beside: usize = shown.iter().skip(1).map(|n| GAP + widths[*n]).sum();
        let names = self.names(terminal.saturating_sub(beside).max(SHORTEST_NAME));
        let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
        let width = width.max(self.columns[0].head.width());
        let width_of = |n: usize| if n == 0 { width } else { widths[n] };
        let mut head = Line::default();
        for n in &shown {
            let column = &self.columns[*n];
            head.put(&column.head, HEAD, width_of(*n), column.is_right);
        }
        writeln!(out, "{}", head.text)?;
        for (row, name) in self.rows.iter().zip(&names) {
            let mut line = Line::default();
            for n in &shown {
                let cell = &row[*n];
                let text = if *n == 0 { name } else { &cell.text };
                line.put(text, cell.style, width_of(*n), self.columns[*n].is_right);
            }
            writeln!(out, "{}", line.text)?;
        }
        Ok(())
    }

    /// The width of a column as a terminal shows it; 0 where no row has anything in it.
    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].text.width());
        match cells.max().unwrap_or(0) {
            0 => 0,
            width => width.max(self.columns[column].head.width()),
        }
    }

    /// The columns that there is room for; names come first, and are whole as long as there is
    /// something to leave out.
    fn shown(&self, widths: &[usize], terminal: usize) -> Vec<usize> {
        let mut shown: Vec<_> = (0..widths.len())
            .filter(|n| *n == 0 || widths[*n] > 0)
            .collect();
        let whole = |shown: &[usize]| -> usize {
            shown.iter().map(|n| widths[*n] + GAP).sum::<usize>() - GAP
        };
        while whole(&shown) > terminal {
            let worth = |n: &usize| Some((self.columns[*n].worth?, *n));
            let Some((_, least)) = shown.iter().filter_map(worth).min() else {
                break;
            };
            shown.retain(|n| *n != least);
        }
        shown
    }

    /// The names of all rows in a number of columns; in more where two would look alike.
    fn names(&self, most: usize) -> Vec<String> {
        let names: Vec<&str> = self.rows.iter().map(|row| &*row[0].text).collect();
        let others = || self.others.iter().map(String::as_str);
        let all: BTreeSet<&str> = names.iter().copied().chain(others()).collect();
        let longest = names.iter().map(|name| name.width()).max().unwrap_or(0);
        for width in most..longest {
            for end in ends(width) {
                let short: BTreeSet<_> =
                    all.iter().map(|name| shortened(name, width, end)).collect();
                if short.len() == all.len() {
                    return names
                        .iter()
                        .map(|name| shortened(name, width, end))
                        .collect();
                }
            }
        }
        names.into_iter().map(str::to_owned).collect()
    }
}

/// A line with its cells.
#[derive(Default)]
struct Line {
    text: String,
    /// Columns that are empty so far, before the next cell.
    empty: usize,
}

impl Line {
    fn put(&mut self, text: &str, style: Style, width: usize, is_right: bool) {
        let room = width.saturating_sub(text.width());
        let (before, after) = match is_right {
            true => (room, 0),
            false => (0, room),
        };
        self.empty += before;
        if !text.is_empty() {
            self.text.extend(std::iter::repeat_n(' ', self.empty));
            self.text += &format!("{style}{text}{style:#}");
            self.empty = 0;
        }
        self.empty += after + GAP;
    }
}

/// How much of a name of this width may be its end, in columns: half of it, or what is nearest to that
/// and tells names apart that differ elsewhere.
fn ends(width: usize) -> impl Iterator<Item = usize> {
    let (usual, all) = (width / 2, width.saturating_sub(1));
    let nearest = (0..=all).flat_map(move |by| [usual + by, usual.saturating_sub(by)]);
    nearest.filter(move |end| *end <= all)
}

/// A name in at most so many columns, of which its end takes so many.
fn shortened(name: &str, width: usize, end: usize) -> String {
    if name.width() <= width {
        return name.to_owned();
    }
    let start = width.saturating_sub(end + 1);
    let mut text = String::new();
    let mut at = 0;
    for c in name.chars() {
        at += c.width().unwrap_or(0);
        if at > start {
            break;
        }
        text.push(c);
    }
    text.push(LEFT_OUT);
    let (mut at, mut from) = (0, name.len());
    for (i, c) in name.char_indices().rev() {
        at += c.width().unwrap_or(0);
        if at > end {
            break;
        }
        from = i;
    }
    text + &name[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> FittedTable {
        let mut table = FittedTable::new(vec![
            Column::texts("NAME"),
            Column::texts("KIND").worth(1),
            Column::numbers("COUNT"),
            Column::numbers("MORE").worth(2),
            Column::texts("EMPTY"),
        ]);
        for (n, name) in names.iter().enumerate() {
            let cells = [*name, "a kind", &10usize.pow(n as u32).to_string(), "1", ""];
            table.row(cells.map(|cell| Cell::from(cell.to_owned())).into());
        }
        table
    }

    fn text(table: &FittedTable, terminal: Option<usize>) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        table.write(&mut out, terminal).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn everything_is_shown_where_there_is_room() {
        let expected = "\
NAME            KIND    COUNT  MORE
orders/paid     a kind      1     1
orders/shipped  a kind     10     1
";
        let table = table(&["orders/paid", "orders/shipped"]);
        assert_eq!(text(&table, None), expected);
        assert_eq!(text(&table, Some(35)), expected);
    }

    #[test]
    fn what_is_worth_least_goes_first_and_names_are_shortened_last() {
        let table = table(&["orders/checkout/paid", "orders/checkout/shipped"]);
        let of = |terminal| text(&table, Some(terminal));
        assert!(of(43).starts_with("NAME                     COUNT  MORE\n"));
        assert!(of(35).starts_with("NAME                     COUNT\n"));
        let expected = "\
NAME              COUNT
orders/…out/paid      1
orders/…/shipped     10
";
        assert_eq!(of(23), expected);
        // No name is shorter than that.
        assert_eq!(of(3), expected);
    }

    #[test]
    fn names_that_would_look_alike_stay_longer() {
        // They differ in the middle, and at one end.
        let names = [
            "service-with-a-name/a/of-an-endpoint",
            "service-with-a-name/b/of-an-endpoint",
            "service-with-a-name/b/of-an-endpoins",
        ];
        let table = table(&names);
        let shown = text(&table, Some(23));
        let shown: BTreeSet<_> = shown
            .lines()
            .skip(1)
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        assert_eq!(shown.len(), 3, "{shown:?}");
        assert!(
            shown.iter().all(|name| name.contains(LEFT_OUT)),
            "{shown:?}"
        );
    }

    #[test]
    fn a_name_without_a_row_is_told_apart_too() {
        let mut table = table(&["orders/checkout-1/place-order"]);
        assert!(text(&table, Some(23)).contains("orders/…ce-order"));
        table.other_name("orders/checkout-2/place-order");
        assert!(text(&table, Some(23)).contains("or…1/place-order "));
    }

    #[test]
    fn wide_letters_take_two_columns() {
        let table = table(&[
            "注文サービス/会計/注文の確定.可用性",
            "注文サービス/会計/支払い.可用性",
        ]);
        let shown = text(&table, Some(23));
        for line in shown.lines() {
            assert!(line.width() <= 23, "{line}");
        }
        assert!(shown.contains(LEFT_OUT), "{shown}");
        let columns: BTreeSet<_> = shown.lines().map(UnicodeWidthStr::width).collect();
        assert_eq!(columns.len(), 1, "numbers end in one column: {shown}");
    }
}
