-- What pandoc's Typst writer leaves out: words for images and formulas, the look of blocks, and
-- places where a long word may break.
local LONGEST = 18

local function quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('[\r\n]', ' ') .. '"'
end

local function raw(text) return pandoc.RawBlock('typst', text) end

function Image(image)
  local said = pandoc.utils.stringify(image.caption)
  local width = image.classes:includes('column') and ', width: 8.5cm' or ''
  return pandoc.RawInline('typst',
    '#image(' .. quoted('/' .. image.src) .. width .. ', alt: ' .. quoted(said) .. ')')
end

-- The formula as it is read: no commands that only say how it looks.
local function spoken(tex)
  return (tex:gsub('\\text%s*(%b{})', function(inner) return inner:sub(2, -2) end)
    :gsub('\\(%a+)', '%1'):gsub('[{}]', ''):gsub('%s+', ' '))
end

function Math(math)
  local alone = pandoc.Pandoc {pandoc.Plain {math}}
  local set = pandoc.write(alone, 'typst'):gsub('%s+$', '')
  local block = tostring(math.mathtype == 'DisplayMath')
  return pandoc.RawInline('typst', '#math.equation(block: ' .. block .. ', alt: '
    .. quoted(spoken(math.text)) .. ', ' .. set .. ')')
end

function Div(div)
  local class = div.classes[1]
  if not class or div.identifier ~= '' then return nil end
  local blocks = pandoc.Blocks {raw('#look(' .. quoted(class) .. ')[')}
  for index = 2, #div.classes do
    blocks:insert(raw('#look(' .. quoted(div.classes[index]) .. ')['))
  end
  blocks:extend(div.content)
  for _ = 1, #div.classes do blocks:insert(raw(']')) end
  return blocks
end

local function loosened(text)
  local out, run = {}, 0
  for _, code in utf8.codes(text) do
    run = run + 1
    out[#out + 1] = utf8.char(code)
    if run >= 8 and (run % LONGEST == 0 or code < 48 or code == 95) then
      out[#out + 1], run = '\u{200b}', 0
    end
  end
  return table.concat(out)
end

function Str(str)
  if utf8.len(str.text) > LONGEST then return pandoc.Str(loosened(str.text)) end
end

-- A hash in a cell of a table has no place to break either.
function Table(tbl)
  return tbl:walk {
    Code = function(code)
      if utf8.len(code.text) > LONGEST then
        code.text = loosened(code.text)
        return code
      end
    end
  }
end
