-- What a screen reader needs of a wide table: the words by which it is known.
function Div(div)
  if not div.classes:includes('scroll') then return nil end
  div.attributes.tabindex = '0'
  div.attributes.role = 'group'
  local name
  div:walk {Table = function(tbl) name = pandoc.utils.stringify(pandoc.Div(tbl.caption.long)) end}
  div.attributes['aria-label'] = name ~= '' and name or 'Table'
  return div
end
