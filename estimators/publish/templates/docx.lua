-- What Word needs: pixels instead of SVG, and blocks by the names of their styles.
local STYLES = {
  question = 'Question', answer = 'Answer', warning = 'Warning', claims = 'Claims', facts = 'Facts'
}

function Image(image)
  image.src = image.src:gsub('%.svg$', '.png')
  if image.classes:includes('column') then image.attributes.width = '8.5cm' end
  return image
end

-- A cell's text is small; in a list the same kind of paragraph is not.
local function in_style(style)
  return function(plain)
    return pandoc.Div(pandoc.Para(plain.content), {['custom-style'] = style})
  end
end

local function set(tbl, style)
  local caption = tbl.caption
  tbl = tbl:walk {Plain = in_style(style)}
  tbl.caption = caption
  return tbl
end

-- Word would keep all else as properties of the file.
local function front(meta)
  return {title = meta.title, subtitle = meta.subtitle, date = meta.byline, lang = meta.lang}
end

function Pandoc(doc)
  doc.meta = front(doc.meta)
  return doc:walk {
    traverse = 'topdown',
    Div = function(div)
      local small = div.classes:includes('claims')
      if small then
        return div:walk {Table = function(tbl) return set(tbl, 'Small Table Text') end}, false
      end
      local style = STYLES[div.classes[1] or '']
      if style then div.attributes['custom-style'] = style end
      return div
    end,
    Table = function(tbl) return set(tbl, 'Table Text'), false end
  }
end
