/** The reader of PyTorch's files, in both formats. */
import { readFileSync } from 'fs'
import { join } from 'path'
import { zipSync } from 'fflate'
import { openTorchFile } from '../../src/checkpoints/torch-file'
import { LabError } from '../../src/contract/errors'
import { inMemory } from '../../src/files/byte-source'
import type { Random } from '../../src/data/random'
import type { Hostile, Parser } from './fuzz'
import { mutateBytes, pick } from './mutations'

const folder = join(process.cwd(), 'test/fixtures/torch-files')
const names = ['state', 'strided', 'types', 'training'].flatMap((name) =>
  name === 'training' ? [name] : [name, `${name}-legacy`],
)
const files = names.map((name) => readFileSync(join(folder, `${name}.pth`)))
const pickleEnd = Buffer.from('u.', 'latin1')

/** Half of the changes are among the first bytes, where the pickle is. */
function mutated(random: Random): Buffer {
  const original = pick(random, files)
  if (random.integer(2) === 0) return mutateBytes(original, random)
  const end = Math.max(200, original.indexOf(pickleEnd))
  return Buffer.concat([mutateBytes(original.subarray(0, end), random), original.subarray(end)])
}

/** An archive of a pickle and one storage. */
const archive = (pickle: string, storage = 16): Buffer =>
  Buffer.from(
    zipSync(
      { 'a/data.pkl': Buffer.from(pickle, 'latin1'), 'a/data/0': new Uint8Array(storage) },
      { level: 0 },
    ),
  )

const long = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return `J${bytes.toString('latin1')}`
}
const storage = (values: number) => `(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpu${long(values)}tQ`
const tensor = (values: number, shape: string, strides: string) =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${storage(values)}K\x00${shape}${strides}\x89}tR`

function* hostile(): Iterable<Hostile> {
  const big = long(0x7fffffff)
  yield { what: 'empty', bytes: Buffer.alloc(0) }
  yield { what: 'an empty archive', bytes: Buffer.from(zipSync({})) }
  yield { what: 'a call of the system', bytes: archive('\x80\x02cos\nsystem\nU\x02id\x85R.') }
  yield { what: 'the name of an inherited member', bytes: archive('\x80\x02c__proto__\nconstructor\n.') }
  yield {
    what: 'a prototype as a name',
    bytes: archive(`\x80\x02}U\x09__proto__${tensor(4, '(K\x04t', '(K\x01t')}s.`),
  }
  yield {
    what: 'a tensor of 2^62 values without strides',
    bytes: archive(`\x80\x02}U\x01w${tensor(4, `(${big}${big}t`, '(K\x00K\x00t')}s.`),
  }
  yield {
    what: 'a tensor of one long shape',
    bytes: archive(
      `\x80\x02}U\x01w${tensor(4, `(${'K\x01'.repeat(100_000)}t`, `(${'K\x01'.repeat(100_000)}t`)}s.`,
    ),
  }
  yield {
    what: 'a storage of 8 GB',
    bytes: archive(`\x80\x02}U\x01w${tensor(0x7fffffff, `(${big}t`, '(K\x01t')}s.`),
  }
  yield {
    what: 'ten thousand names of one tensor',
    bytes: archive(
      `\x80\x02}(U\x01w${tensor(4, '(K\x04t', '(K\x01t')}q\x00` +
        Array.from(
          { length: 10_000 },
          (_, index) => `J${Buffer.from(Int32Array.of(index).buffer).toString('latin1')}h\x00`,
        ).join('') +
        'u.',
    ),
  }
  yield { what: 'nothing but marks', bytes: archive(`\x80\x02${'('.repeat(990_000)}`) }
  yield { what: 'nothing but lists', bytes: archive(`\x80\x02${']'.repeat(990_000)}.`) }
  yield { what: 'nothing but dicts', bytes: archive(`\x80\x02${'}'.repeat(990_000)}.`) }
  yield {
    what: 'nothing but storages',
    bytes: archive(`\x80\x02${storage(4)}q\x00${'h\x00Q'.repeat(1000)}.`),
  }
  yield { what: 'a pickle of 2 MB', bytes: archive(`\x80\x02${'N'.repeat(2_000_000)}.`) }
  yield {
    what: 'the old format with the keys of nothing',
    bytes: Buffer.from(
      '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.\x80\x02}.\x80\x02]U\x010a.',
      'latin1',
    ),
  }
  yield {
    what: 'twenty thousand entries',
    bytes: Buffer.from(
      zipSync(
        Object.fromEntries(
          Array.from({ length: 20_000 }, (_, index) => [`a/data/${index}`, new Uint8Array(0)]),
        ),
        {
          level: 0,
        },
      ),
    ),
  }
}

/** Types that are no weights are refused one by one; the others are still read. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const { entries, read } = await openTorchFile(inMemory(bytes), 'file')
  for (const entry of entries)
    await read(entry).catch((error: unknown) => {
      if (!(error instanceof LabError) || error.code !== 'tensor-type-unreadable') throw error
    })
}

export const torchFiles: Parser = { name: 'torch', usual: 20_000, hostile, mutated, read: readAll }
