import { describe, expect, it } from 'vitest'
import { pairs, table } from '../../../src/cli/table'

describe('a table', () => {
  it('aligns words left and figures right, without frame, colour or trailing blanks', () => {
    const text = table(
      ['name', 'accuracy', 'size'],
      [
        ['a', '0.9985', '6.7 MB'],
        ['longer', '-', '15.6 MB'],
      ],
    )
    expect(text).toBe(
      ['name    accuracy     size', 'a         0.9985   6.7 MB', 'longer         -  15.6 MB'].join('\n'),
    )
  })

  it('counts a Chinese character as two columns', () => {
    expect(
      table(
        ['名字', 'x'],
        [
          ['源域', 'a'],
          ['abcd', 'b'],
        ],
      ),
    ).toBe(['名字  x', '源域  a', 'abcd  b'].join('\n'))
  })

  it('keeps one line a row, and its columns, whatever is in a name', () => {
    const nasty = 'a\nb\x1b[2J'
    expect(table(['name', nasty], [[nasty, 1]])).toBe(
      ['name     a\ufffdb\ufffd[2J', 'a\ufffdb\ufffd[2J        1'].join('\n'),
    )
    expect(pairs([['name', nasty]])).toBe('name  a\ufffdb\ufffd[2J')
  })

  it('lays pairs in two columns', () => {
    expect(
      pairs([
        ['images', 2042],
        ['accuracy', '0.9985'],
      ]),
    ).toBe(['images    2042', 'accuracy  0.9985'].join('\n'))
  })
})
