//! The table: operation by machine, each by all who can do it.

use comfy_table::{
    Cell, CellAlignment, ContentArrangement, Table as Grid, TableComponent, presets,
};

use super::measurement::Measurement;
use super::names;

/// What was measured on one machine.
#[derive(Clone, Debug)]
pub struct Column {
    /// The architecture's name.
    pub arch: String,
    /// The version of QEMU.
    pub qemu: String,
    /// The measurements.
    pub measurements: Vec<Measurement>,
}

/// An operation by someone, with what it cost on each machine.
#[derive(Debug)]
pub struct Row<'a> {
    /// What was measured.
    pub like: &'a Measurement,
    /// The measurement of each column, where there is one.
    pub cells: Vec<Option<&'a Measurement>>,
}

/// The rows of `columns` with `only` in one of their names or in their group's, those of an
/// operation together.
pub fn rows<'a>(columns: &'a [Column], only: &str) -> Vec<Row<'a>> {
    let mut rows: Vec<Row> = Vec::new();
    let measurements = columns.iter().flat_map(|column| &column.measurements);
    for like in measurements.filter(|like| is_wanted(like, only)) {
        if rows.iter().any(|row| row.like.is_like(like)) {
            continue;
        }
        let find = |column: &'a Column| column.measurements.iter().find(|it| it.is_like(like));
        rows.push(Row { like, cells: columns.iter().map(find).collect() });
    }
    let place = |row: &Row| names::OPERATIONS.iter().position(|it| it.name == row.like.operation);
    rows.sort_by_key(|row| place(row).unwrap_or(names::OPERATIONS.len()));
    rows
}

fn is_wanted(measurement: &Measurement, only: &str) -> bool {
    let Measurement { operation, by, .. } = measurement;
    let group = names::group(operation);
    let names = [operation, by, group, names::operation(operation), names::peer(by)];
    names.iter().any(|name| name.contains(only))
}

/// `rows` of `columns`, drawn.
pub fn draw(columns: &[Column], rows: &[Row]) -> String {
    let mut grid = Grid::new();
    grid.load_preset(presets::NOTHING);
    grid.set_style(TableComponent::HeaderLines, '─');
    grid.set_style(TableComponent::MiddleHeaderIntersections, '─');
    grid.set_content_arrangement(ContentArrangement::Disabled);
    let machines = columns.iter().map(|column| right(machine_name(&column.arch)));
    grid.set_header(["operation", "by"].map(Cell::new).into_iter().chain(machines));
    let mut last = "";
    for row in rows {
        let operation = names::operation(&row.like.operation);
        let shown = if operation == last { "" } else { operation };
        last = operation;
        let cost = |cell: &Option<&Measurement>| cell.map(Measurement::per_operation);
        let costs = row.cells.iter().map(|cell| right(&cost(cell).unwrap_or_default()));
        let names = [shown, names::peer(&row.like.by)].map(Cell::new);
        grid.add_row(names.into_iter().chain(costs));
    }
    grid.trim_fmt()
}

fn right(text: &str) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn machine_name(arch: &str) -> &str {
    if arch == "aarch64" { "ARM64" } else { arch }
}

/// What is counted, and by what.
pub fn caption(columns: &[Column]) -> String {
    let mut versions: Vec<&str> = columns.iter().map(|column| column.qemu.as_str()).collect();
    versions.dedup();
    let counts = columns.iter().flat_map(|column| &column.measurements).map(|it| it.count);
    let count = counts.min().unwrap_or_default();
    format!(
        "Instructions per operation: the mean of at least {count}, optimised, without the loop's;\n\
         one processor, counted by QEMU {} (-icount shift=0). Two runs were alike.",
        versions.join(" and ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::measurement::parse;
    use super::*;

    fn columns() -> Vec<Column> {
        let column = |arch: &str, console| Column {
            arch: arch.into(),
            qemu: "7.2.22".into(),
            measurements: parse(console).expect("the lines are right"),
        };
        vec![
            column("aarch64", "bench heap/talc 10 900\nbench frame/kernel 10 250"),
            column("x86_64", "bench frame/kernel 10 270\nbench frame/stack 10 180"),
        ]
    }

    #[test]
    fn operations_stand_together_and_in_their_order() {
        let columns = columns();
        let text = draw(&columns, &rows(&columns, ""));
        let lines: Vec<Vec<&str>> =
            text.lines().map(|it| it.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["operation", "by", "ARM64", "x86_64"]);
        assert!(lines[2].ends_with(&["back", "this", "kernel", "25.0", "27.0"]), "{text}");
        assert_eq!(lines[3], ["stack", "of", "free", "frames", "18.0"]);
        assert!(lines[4].ends_with(&["talc", "90.0"]), "{text}");
    }

    #[test]
    fn rows_are_chosen_by_either_name() {
        let columns = columns();
        let chosen = |only| rows(&columns, only).len();
        assert_eq!(
            [chosen(""), chosen("frame"), chosen("talc"), chosen("stack of"), chosen("x")],
            [3, 2, 1, 1, 1]
        );
        assert_eq!(chosen("disk"), 0);
    }

    #[test]
    fn the_caption_names_each_version_once() {
        assert!(caption(&columns()).contains("the mean of at least 10,"));
        assert!(caption(&columns()).contains("QEMU 7.2.22 ("));
    }
}
