-- Figures and tables get numbers, @fig-x and @tbl-x become links to them, and what a reader could
-- not follow stops the build. Links lead to the web or stay on the page; nothing raw passes, and
-- each image is a figure of the report.
local words, count, number, problems = {}, {fig = 0, tbl = 0}, {}, {}

local function wrong(text) problems[#problems + 1] = text end

local function kind_of(id) return id:match('^(fig)%-') or id:match('^(tbl)%-') end

local function take(kind, id)
  count[kind] = count[kind] + 1
  local label = words[kind] .. '\u{a0}' .. count[kind]
  if id ~= '' and number[id] then wrong('the id #' .. id .. ' stands twice; give each its own.') end
  if id ~= '' then number[id] = label end
  return label
end

local function head(caption, label)
  local lead = pandoc.Inlines {pandoc.Strong(label .. '.'), pandoc.Space()}
  local first = caption.long[1]
  if first and first.content then
    first.content = lead .. first.content
  else
    caption.long:insert(1, pandoc.Plain(lead))
  end
end

local function words_of(figure)
  local found
  figure.content:walk {Image = function(image) found = pandoc.utils.stringify(image.caption) end}
  return found or ''
end

local function Figure(figure)
  local said, shown = words_of(figure), pandoc.utils.stringify(pandoc.Div(figure.caption.long))
  if said == '' or said == shown then
    wrong('the figure #' .. figure.identifier .. ' has no alternative text; write {#'
      .. figure.identifier .. ' alt="what it shows"} behind it.')
  end
  head(figure.caption, take('fig', figure.identifier))
  return figure
end

local function Table(tbl)
  if #tbl.caption.long == 0 then return nil end
  head(tbl.caption, take('tbl', tbl.identifier))
  return tbl
end

local function to_number(citation)
  local id = citation.id
  if not kind_of(id) then return nil end
  if not number[id] then
    wrong('@' .. id .. ' leads nowhere: no figure or table has the id #' .. id .. '.')
    return pandoc.Str('?')
  end
  return pandoc.Link(number[id], '#' .. id)
end

local function Cite(cite)
  local found, rest = pandoc.Inlines {}, pandoc.List {}
  for _, citation in ipairs(cite.citations) do
    local link = to_number(citation)
    if link then
      if #found > 0 then found:insert(pandoc.Str ', ') end
      found:insert(link)
    else
      rest:insert(citation)
    end
  end
  if #found == 0 then return nil end
  if #rest > 0 then found:extend {pandoc.Space(), pandoc.Cite(cite.content, rest)} end
  return found
end

local function Link(link)
  if link.target:match('^https?://[^/]') or link.target:match('^#') then return nil end
  return link.content
end

local function Image(image)
  if not image.src:match('^figures/[^/]+%.svg$') then return image.caption end
  if #image.caption == 0 then wrong('the image ' .. image.src .. ' has no alternative text.') end
end

local function nothing() return {} end

function Pandoc(doc)
  words.fig = pandoc.utils.stringify(doc.meta['figure-word'])
  words.tbl = pandoc.utils.stringify(doc.meta['table-word'])
  doc = doc:walk {Link = Link, Image = Image, RawInline = nothing, RawBlock = nothing}
  doc = doc:walk {traverse = 'topdown', Figure = Figure, Table = Table}
  doc = doc:walk {Cite = Cite}
  if #problems == 0 then return doc end
  for _, text in ipairs(problems) do io.stderr:write('report.md: ' .. text .. '\n') end
  os.exit(65)
end
