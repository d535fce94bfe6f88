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

// A line of a slide: words, or an equation by its sides. Its sides are measured once, in a context.
#let say(body) = (body: block(text(size: 0.9em, body)), sides: ())
#let equation(..sides) = (body: none, sides: sides.pos())
#let measured(line) = (..line, widths: line.sides.map(side => measure(side.body).width))
#let gap = 7pt

// Content of a known width, made smaller until it is no wider than there is room.
#let narrowed(room, need, body) = {
  if need <= room { body } else { scale(room / need * 100%, origin: left + horizon, reflow: true, body) }
}

// One side of an equation: as it is, smaller, or over several lines.
#let laid-side(room, need, side) = {
  if need <= room * 1.5 or not side.breaks { narrowed(room, need, side.body) }
  else { scale(66%, origin: left + top, reflow: true, block(width: room / 0.66, side.body)) }
}

// How wide an equation is with its sides one under the other, and a line in the room that there is.
#let broken-width(line) = {
  if line.sides == () { return 0pt }
  let wrapped = line.sides.zip(line.widths).map(((side, width)) => {
    if side.breaks { calc.min(width, 300pt) } else { width }
  })
  wrapped.first() + gap + calc.max(..wrapped.slice(1))
}
#let laid(line, room) = {
  if line.sides == () { return block(width: room, line.body) }
  if line.widths.sum() + gap * (line.sides.len() - 1) <= room {
    return block(line.sides.map(side => side.body).join(h(gap)))
  }
  let least = calc.max(room * 0.5, room - calc.max(..line.widths.slice(1)) - gap)
  let first = calc.min(line.widths.first(), least)
  let rest = room - first - gap
  let rows = line.sides.zip(line.widths).slice(1).enumerate().map(((k, (side, width))) => (
    if k == 0 { narrowed(first, line.widths.first(), line.sides.first().body) } else { [] },
    laid-side(rest, width, side),
  ))
  block(grid(columns: (first, rest), column-gutter: gap, row-gutter: 0.45em, align: horizon, ..rows.flatten()))
}

// Lines in one column or in two, as large as they can be in their place: made smaller, they get more width.
#let sizes = (1, 0.87, 0.75, 0.65, 0.55, 0.46, 0.38, 0.3, 0.2, 0.1, 0.05)
#let squeezed = 0.46 // at this size an equation rather has a side made smaller than the whole slide
#let gutter = 36pt
#let column(lines, room) = stack(spacing: 13pt, ..lines.map(line => laid(line, room)))
#let columns-of(lines, count, room) = if count == 1 { block(width: room, column(lines, room)) } else {
  let middle = calc.ceil(lines.len() / 2)
  let half = (room - gutter) / 2
  block(width: room, grid(columns: (half, half), column-gutter: gutter,
    column(lines.slice(0, middle), half), column(lines.slice(middle), half)))
}
#let fitted(width, height, lines, align-to: top + left) = context {
  let lines = lines.map(measured)
  let need = calc.max(..lines.map(broken-width))
  let fits(k, count) = {
    let room = if count == 1 { width / k } else { (width / k - gutter) / 2 }
    (need <= room or k <= squeezed) and measure(columns-of(lines, count, width / k)).height * k <= height
  }
  let largest(count) = { // how far down the sizes: what fits in one fits in all smaller ones
    let (first, last) = (0, sizes.len() - 1)
    if fits(sizes.at(0), count) { return 0 }
    while last - first > 1 {
      let middle = calc.quo(first + last, 2)
      if fits(sizes.at(middle), count) { last = middle } else { first = middle }
    }
    last
  }
  let one = largest(1)
  let two = if one > 1 and lines.len() > 1 { largest(2) } else { one }
  let is-better = two < one - 1 // two columns are harder to read: not for a little
  let k = sizes.at(if is-better { two } else { one })
  let body = columns-of(lines, if is-better { 2 } else { 1 }, width / k)
  block(width: width, height: height, align(align-to,
    if k == 1 { body } else { scale(k * 100%, origin: top + left, reflow: true, body) }))
}
#let fitted-text(width, height, body, align-to: top + left) = fitted(
  width, height, ((body: body, sides: ()),), align-to: align-to)

// A table, in parts side by side: as large as there is room. Its rows are as high as each other, so that those of two
// parts stand on one line; a cell of many words is wrapped or made smaller.
#let widest-cell = 330pt
#let row-height = 29pt
#let cell(it, colour) = context {
  set math.frac(style: "horizontal") // 1/den: one upon the other would be too small to read
  let body = text(fill: colour, it.body)
  let body = if it.wraps { block(width: calc.min(measure(body).width, widest-cell), body) } else { box(body) }
  let need = measure(body)
  let k = calc.min(1, widest-cell / calc.max(need.width, 1pt), row-height / calc.max(need.height, 1pt))
  if k == 1 { body } else { scale(k * 100%, reflow: true, body) }
}
#let cells(heads, numbers, colours, ..rows) = table(
  columns: heads.len(),
  rows: row-height,
  align: (column, row) => (if column in numbers { right } else { left }) + horizon,
  stroke: (x, y) => (bottom: if y == 0 { 0.8pt + ink } else { 0.3pt + faint }),
  inset: (x: 7pt, y: 0pt),
  ..heads.map(head => text(size: 0.8em, fill: faint, head)),
  ..rows.pos().map(row => row.zip(colours).map(((it, colour)) => cell(it, colour))).flatten(),
)
#let tabled(width, height, tables) = block(width: width, height: height, context {
  let body = text(size: 18pt, stack(dir: ltr, spacing: 32pt, ..tables))
  let need = measure(body)
  let k = calc.min(1, width / need.width, height / need.height)
  let place = center + (if figure-box.beside { horizon } else { top })
  align(place, if k == 1 { body } else { scale(k * 100%, origin: top + left, reflow: true, body) })
})

#let title-slide(heading, lines) = {
  place(top + left, dx: 60pt, dy: 60pt,
    fitted-text(width - 120pt, 110pt, text(size: 34pt, heading), align-to: bottom + left))
  place(top + left, dx: 60pt, dy: 190pt, line(length: width - 120pt, stroke: 1.2pt + value))
  place(top + left, dx: 60pt, dy: 215pt, {
    set text(size: 26pt)
    fitted(width - 120pt, height - 270pt, lines)
  })
}

#let text-slide(part, heading, picture, description, text-box, lines, table-box: none, tables: ()) = {
  place(top + left, dx: 40pt, dy: 14pt, {
    set text(size: 25pt, fill: colour.at(part, default: ink))
    fitted-text(width - 80pt, 40pt, heading, align-to: horizon + left)
  })
  if picture != none {
    place(top + left, dx: figure-box.x, dy: figure-box.y,
      image(figure-bytes(picture), format: "pdf", width: figure-box.width, height: figure-box.height, alt: description))
  }
  if lines.len() > 0 {
    place(top + left, dx: text-box.x, dy: text-box.y, fitted(text-box.width, text-box.height, lines,
      align-to: (if figure-box.beside and picture != none { horizon } else { top }) + left))
  }
  if tables.len() > 0 {
    place(top + left, dx: table-box.x, dy: table-box.y, tabled(table-box.width, table-box.height, tables))
  }
}

// The slide itself: its number below, and a bar for how far the lecture is.
#let slide(number, of, body) = block(width: width, height: height, fill: paper, clip: true, {
  body
  place(bottom + right, dx: -24pt, dy: -11pt, text(size: 11pt, fill: faint, [#number / #of]))
  place(bottom + left, rect(width: width * number / of, height: 3pt, fill: value, stroke: none))
})

#let noted(wide, tall, note) = block(width: wide, height: tall, inset: (x: wide * 0.02, top: 8pt),
  fitted-text(wide * 0.96, tall - 10pt, text(size: calc.min(14pt, wide * 0.026), note)))
"""
