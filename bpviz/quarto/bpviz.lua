-- Turns the blocks of code of class bpviz into figures, tables and derivations, for Quarto and for pandoc alone:
--
--     ```{.bpviz #fig-example x=3 y=-4 theme=cs231n caption="The example."}
--     (x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)
--     ```
--
-- A block is a command line: x=3 is --x=3, share=true is --share, branch=false is --no-branch. Its own words are: as
-- (figure, table, steps or page), label (or #fig-example), caption, alt, width, height and format. In the document's
-- metadata, bpviz may have the command to run, the folder for files, and options that hold for all figures that do not
-- say otherwise. What was made is kept in the folder, under a name made of all that it depends on, and is not made anew.

local COMMANDS = { figure = "draw", table = "table", steps = "steps", page = "page" }
local TITLES = { figure = "Figure", table = "Table", steps = "Derivation", page = "Figure" }
local ENDINGS = { table = "md", steps = "md", page = "html" } -- of what is made; that of a figure is its format
local WITH_PAGES = { html = true, html4 = true, html5 = true, revealjs = true } -- all others have a page's figure
local FRAME = '<iframe srcdoc="%s" title="%s" style="width: %s; height: %s; border: 0"></iframe>'
local MIME = { svg = "image/svg+xml", pdf = "application/pdf", png = "image/png" }
local FORMATS = { -- of figures, by what pandoc calls the output; svg for all others
  latex = "pdf", beamer = "pdf", context = "pdf", typst = "pdf", docx = "png", pptx = "png", odt = "png", rtf = "png",
}
local REFERENCES = { latex = "Figure~\\ref{%s}", beamer = "Figure~\\ref{%s}", typst = "@%s" } -- these count figures
local NEVER = { output = true, open = true, quiet = true } -- where a figure goes is not for a block to say

local command, folder, defaults = "bpviz", "bpviz-figures", {}
local version -- of bpviz, once it has been asked for
local references, counts = {}, {} -- what has which label, and how many there are of each title

-- Run bpviz; return what it says, and whether it went well. It says all on standard output, since that is read here.
local function run(arguments, program)
  local environment = pandoc.system.environment()
  environment.BPVIZ_MESSAGES, environment.PYTHONIOENCODING = "stdout", "utf-8"
  return pandoc.system.with_environment(environment, function()
    local went_well, said = pcall(pandoc.pipe, command, arguments, program)
    if went_well then return said, true end
    if type(said) == "table" and said.output ~= "" then return said.output, false end
    return command .. " does not run: install bpviz, or write where it is into the metadata, as in\n"
      .. "bpviz:\n  command: .venv/bin/bpviz", false
  end)
end

local function read(file)
  local opened = io.open(file, "rb")
  local content = opened and opened:read("a")
  if opened then opened:close() end
  return content
end

local function escape(text)
  return (text:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;"))
end

local function log(message)
  if pandoc.log then pandoc.log.warn(message) else io.stderr:write("[WARNING] ", message, "\n") end
end

local function show_error(message, program)
  log("bpviz: " .. message:gsub("^bpviz: ", ""):gsub("%s+$", ""))
  return pandoc.Div({ pandoc.CodeBlock(program), pandoc.CodeBlock(message) }, pandoc.Attr("", { "bpviz-error" }))
end

-- Make the file of a block unless it is there; return its name, what bpviz said when it made it, and the content.
local function make(kind, options, format, program)
  version = version or run({ "--version" }, "")
  local names, arguments = {}, { COMMANDS[kind], "-" }
  for name in pairs(options) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    if NEVER[name] then return nil, "a block has no option " .. name .. ": leave it out" end
    local words = { ["true"] = "--" .. name, ["false"] = "--no-" .. name }
    arguments[#arguments + 1] = words[options[name]] or "--" .. name .. "=" .. options[name]
  end
  if format == "png" and not options.dpi then arguments[#arguments + 1] = "--dpi=300" end -- for print
  local key = pandoc.utils.sha1(table.concat({ version, format, program, table.unpack(arguments) }, "\0"))
  local file = folder .. "/" .. key .. "." .. format -- as the output, which stands beside the folder, names it
  local place = pandoc.path.join({ pandoc.path.directory(PANDOC_STATE.output_file or ""), file })
  if not (read(place) and read(place .. ".txt")) then
    local inside, make_directory = pandoc.path.directory(place), pandoc.system.make_directory -- which pandoc 2 has not
    if make_directory then make_directory(inside, true) else pcall(pandoc.pipe, "mkdir", { "-p", inside }, "") end
    arguments[#arguments + 1] = "--output=" .. place
    local said, went_well = run(arguments, program)
    if not went_well then return nil, said end
    local record = assert(io.open(place .. ".txt", "wb"))
    record:write(said)
    record:close()
  end
  return file, read(place .. ".txt"), read(place)
end

-- Write a caption, with a number where pandoc gives it none: Quarto, LaTeX and Typst number figures themselves.
local function write_caption(kind, label, text)
  local caption = text and pandoc.utils.blocks_to_inlines(pandoc.read(text, "markdown").blocks) or pandoc.Inlines({})
  if label == "" or quarto then return caption end
  local title = TITLES[kind]
  counts[title] = (counts[title] or 0) + 1
  references[label] = { title = title .. "\u{a0}" .. counts[title], is_float = kind == "figure" and text }
  if REFERENCES[FORMAT] and references[label].is_float then return caption end
  if not text then return pandoc.Inlines({ pandoc.Str(references[label].title) }) end
  return pandoc.Inlines({ pandoc.Str(references[label].title .. ":"), pandoc.Space(), table.unpack(caption) })
end

local function place_figure(file, alt, caption, label, attributes)
  if #caption == 0 then return pandoc.Para({ pandoc.Image(alt, file, "", pandoc.Attr(label, {}, attributes)) }) end
  if pandoc.Figure then
    local image = pandoc.Image(alt, file, "", pandoc.Attr("", {}, attributes))
    return pandoc.Figure({ pandoc.Plain({ image }) }, { pandoc.Plain(caption) }, pandoc.Attr(label))
  end
  attributes.alt = alt -- before pandoc 3 the text of an image is its caption
  return pandoc.Para({ pandoc.Image(caption, file, "fig:", pandoc.Attr(label, {}, attributes)) })
end

local function draw(block)
  if not block.classes:includes("bpviz") then return nil end
  local options = {}
  for name, value in pairs(block.attributes) do options[name] = value end
  local function take(name)
    local value = options[name]
    options[name] = nil
    return value
  end
  local kind, format = take("as") or "figure", take("format")
  local label = take("label") or block.identifier
  local text = take("caption") or take("fig-cap") or take("tbl-cap")
  local alt, width, height
  if kind == "figure" or kind == "page" then
    alt, width, height = take("alt") or take("fig-alt"), take("width"), take("height")
  end
  if not COMMANDS[kind] then
    return show_error("as=" .. kind .. " makes nothing here; write as=figure, table, steps or page", block.text)
  end
  if kind == "page" and not WITH_PAGES[FORMAT] then kind, height, options.range = "figure", nil, nil end
  format = ENDINGS[kind] or format or FORMATS[FORMAT] or "svg"
  if kind == "figure" and not MIME[format] then
    return show_error("format=" .. format .. " is no picture; write format=svg, pdf or png", block.text)
  end
  for name, value in pairs(kind == "figure" and defaults or {}) do options[name] = options[name] or value end
  local file, said, content = make(kind, options, format, block.text)
  if not file then return show_error(said, block.text) end
  local summary
  for line in said:gmatch("[^\r\n]+") do
    if line:find("^bpviz: ") then log(line) else summary = summary or line end
  end
  local caption = write_caption(kind, label, text)
  if kind == "figure" then
    pandoc.mediabag.insert(file, MIME[format], content)
    alt = alt or "The graph: " .. summary:gsub("   →.*", ""):gsub("   ", ", ")
    return place_figure(file, alt, caption, label, { width = width, height = height })
  end
  if kind == "page" then
    local title = alt or "Move the inputs and watch the gradients"
    local frame = FRAME:format(escape(content), escape(title), escape(width or "100%"), escape(height or "44em"))
    return pandoc.Div({ pandoc.RawBlock("html", frame), pandoc.Para(caption) }, pandoc.Attr(label, { "bpviz" }))
  end
  local blocks = pandoc.read(content, "markdown-fancy_lists").blocks:walk({
    Header = function(header) return pandoc.Para({ pandoc.Strong(header.content) }) end, -- no section of the document
  })
  if #caption > 0 then blocks:insert(pandoc.Para(caption)) end
  return pandoc.Div(blocks, pandoc.Attr(label, { "bpviz" }))
end

-- Make @fig-example a link, where Quarto does not.
local function refer(cite)
  local label = #cite.citations == 1 and cite.citations[1].id
  local found = references[label]
  if not found then return nil end
  if REFERENCES[FORMAT] and found.is_float then
    return pandoc.RawInline(FORMAT == "typst" and FORMAT or "latex", REFERENCES[FORMAT]:format(label))
  end
  return pandoc.Link(found.title, "#" .. label)
end

local function read_metadata(metadata)
  for name, value in pairs(metadata.bpviz or {}) do defaults[name] = pandoc.utils.stringify(value) end
  command, folder = defaults.command or command, defaults.folder or folder
  defaults.command, defaults.folder = nil, nil
end

return { { Meta = read_metadata }, { CodeBlock = draw }, { Cite = refer } }
