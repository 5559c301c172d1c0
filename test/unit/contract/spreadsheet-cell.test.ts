/** Names that a spreadsheet would run as a formula. */
import { describe, expect, it } from 'vitest'
import { nameCell, nameInCell } from '../../../src/contract/spreadsheet-cell'

describe('a name in a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-', "'-"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tcat', "'\tcat"],
    // A name that begins with an apostrophe before a sign comes back as it was.
    ["'=1+1", "''=1+1"],
    ["''-x", "'''-x"],
    // Not run by a spreadsheet.
    ['cat', 'cat'],
    ["'t Hooft", "'t Hooft"],
    ['-5', '-5'],
    ['+1.5e3', '+1.5e3'],
    ['a=b', 'a=b'],
    ['猫', '猫'],
    ['', ''],
  ])('%j is written as %j and read back', (name, cell) => {
    expect(nameCell(name)).toBe(cell)
    expect(nameInCell(cell)).toBe(name)
  })
})
