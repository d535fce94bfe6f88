"""What every deck in Typst begins with: how a slide, an equation and a handout are laid out. No word of a user's.

Nothing overflows: an equation too long for its line is broken before its equals signs, a link too long for that is
wrapped or made smaller, and lines too many for their place are made smaller together.
"""

TEMPLATE = r"""
#set page(margin: 0pt)
#set text(font: families, size: 22pt, fill: ink, lang: "en", hyphenate: false)
#set text(top-edge: "ascender", bottom-edge: "descender")
#set par(leading: 0.15em, spacing: 0.5em) // an inline formula may stick out of its line by 0.7 of the leading
#set block(spacing: 0.9em)
#set smartquote(enabled: false)
#show math.equation: set text(size: 1.08em)

#let figure-bytes(name) = bytes(read(name).codepoints().map(str.to-unicode))

// Content of any natural width, made smaller until it is no wider than there is room.
#let narrowed(room, body) = context {
  let need = measure(body).width
  if need <= room { body } else { scale(room / need * 100%, origin: left + horizon, reflow: true, body) }
}

// One side of an equation: as it is, smaller, or over several lines.
#let side(room, part) = context {
  let need = measure(part.body).width
  if need <= room * 1.5 or not part.breaks { narrowed(room, part.body) }
  else { scale(66%, origin: left + top, reflow: true, block(width: room / 0.66, part.body)) }
}

#let equation(..parts) = layout(size => {
  let sides = parts.pos()
  let line = sides.map(part => part.body).join(h(0.3em))
  if measure(line).width <= size.width { return block(line) }
  let first = calc.min(measure(sides.first().body).width, size.width * 0.35)
  let rest = size.width - first - 8pt
  let cells = sides.slice(1).enumerate().map(((k, part)) => (
    if k == 0 { narrowed(first, sides.first().body) } else { [] },
    side(rest, part),
  ))
  block(grid(columns: (first, rest), column-gutter: 8pt, row-gutter: 0.45em, align: horizon, ..cells.flatten()))
})

#let say(body) = block(text(size: 0.9em, body))

// Lines in one column, or in two where they are larger so, and smaller where they do not fit.
#let fitted(width, height, lines, align-to: top + left) = context {
  let column(lines) = stack(spacing: 13pt, ..lines)
  let one = column(lines)
  let half = (width - 30pt) / 2
  let middle = calc.ceil(lines.len() / 2)
  let two = grid(columns: (half, half), column-gutter: 30pt,
    column(lines.slice(0, middle)), column(lines.slice(middle)))
  let factor(body) = calc.min(1, height / calc.max(0.1pt, measure(block(width: width, body)).height))
  let body = if lines.len() > 1 and factor(one) < 0.8 and factor(two) > factor(one) { two } else { one }
  let k = factor(body)
  block(width: width, height: height, align(align-to,
    if k >= 1 { block(width: width, body) }
    else { scale(k * 100%, origin: top + left, reflow: true, block(width: width, body)) }))
}

#let cells(heads, numbers, ..rows) = align(center, table(
  columns: heads.len(),
  align: (column, row) => (if column in numbers { right } else { left }) + horizon,
  stroke: (x, y) => (bottom: if y == 0 { 0.8pt + ink } else { 0.3pt + faint }),
  inset: (x: 9pt, y: 5.5pt),
  ..heads.map(head => text(size: 0.8em, fill: faint, head)),
  ..rows.pos().flatten(),
))

#let title-slide(heading, lines) = {
  place(top + left, dx: 60pt, dy: 60pt,
    fitted(width - 120pt, 110pt, (text(size: 34pt, heading),), align-to: bottom + left))
  place(top + left, dx: 60pt, dy: 190pt, line(length: width - 120pt, stroke: 1.2pt + value))
  place(top + left, dx: 60pt, dy: 215pt, {
    set text(size: 26pt)
    fitted(width - 120pt, height - 270pt, lines)
  })
}

#let text-slide(part, heading, picture, description, text-box, lines) = {
  place(top + left, dx: 40pt, dy: 22pt, {
    set text(size: 25pt, fill: colour.at(part, default: ink))
    fitted(width - 80pt, 40pt, (heading,), align-to: horizon + left)
  })
  if picture != none {
    place(top + left, dx: figure-box.x, dy: figure-box.y,
      image(figure-bytes(picture), format: "pdf", width: figure-box.width, height: figure-box.height, alt: description))
  }
  place(top + left, dx: text-box.x, dy: text-box.y, fitted(text-box.width, text-box.height, lines,
    align-to: (if figure-box.beside and picture != none { horizon } else { top }) + left))
}

// The slide itself: its number below, and a bar for how far the lecture is.
#let slide(number, of, body) = block(width: width, height: height, fill: paper, clip: true, {
  body
  place(bottom + right, dx: -24pt, dy: -11pt, text(size: 11pt, fill: faint, [#number / #of]))
  place(bottom + left, rect(width: width * number / of, height: 3pt, fill: value, stroke: none))
})

#let noted(wide, tall, note) = block(width: wide, height: tall, inset: (x: wide * 2%, top: 8pt),
  fitted(wide * 96%, tall - 10pt, (text(size: calc.min(14pt, wide * 2.6%), note),)))
"""
