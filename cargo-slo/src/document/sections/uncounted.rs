//! What no SLO counts.

use super::subject::{About, section as empty};
use crate::document::model::{Block, Line, Section};

pub(super) fn section(about: &About<'_>) -> Section {
    let texts = &about.texts.uncounted;
    let mut section = empty("uncounted", texts.heading);
    section.blocks = vec![
        Block::Paragraph(Line::text(texts.intro)),
        Block::List(texts.points.map(Line::text).into()),
    ];
    section
}
