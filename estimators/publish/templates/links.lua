-- Links lead to the web or stay on the page; nothing raw reaches the page, and each image is a
-- figure of the report.
function Link(el)
  if el.target:match('^https?://[^/]') or el.target:match('^#') then return el end
  return el.content
end

function Image(el)
  if el.src:match('^figures/[^/]+%.svg$') then return el end
  return el.caption
end

function RawInline() return {} end

function RawBlock() return {} end
