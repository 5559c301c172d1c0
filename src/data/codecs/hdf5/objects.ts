/** Superblock and object headers: every group and dataset is a list of messages. */
import { Cursor, Damaged } from '../cursor'

export const signature = '\x89HDF\r\n\x1a\n'
/** An address that is not set. */
export const nowhere = 2 ** 64

/** Limits against files that lead in circles or claim to be endless. */
const maxBlocks = 1000
const maxMessages = 100_000

/** Where the file starts: MATLAB puts a header of 512 bytes in front. */
export const starts = [0, 512, 1024, 2048]

export function startOf(bytes: Buffer): number | undefined {
  return starts.find((start) => bytes.toString('latin1', start, start + signature.length) === signature)
}

export interface Superblock {
  /** Address of the root group's object header. */
  readonly root: number
  /** Number of bytes that the file has to have. */
  readonly end: number
}

/** Throws `Damaged` also for addresses of other sizes than eight bytes, as no program in use writes them. */
export function superblockOf(bytes: Buffer): Superblock {
  const cursor = new Cursor(bytes).expect(signature)
  const version = cursor.uint(1)
  if (version > 3) throw new Damaged()
  if (version < 2) cursor.skip(4)
  if (cursor.uint(1) !== 8 || cursor.uint(1) !== 8) throw new Damaged()
  if (version >= 2) {
    cursor.skip(1 + 8 + 8)
    const end = cursor.uint64()
    return { root: cursor.uint64(), end }
  }
  // Reserved, two sizes of nodes, flags, in version 1 the sizes of index nodes, the base address, free space.
  cursor.skip(1 + 4 + 4 + (version === 1 ? 4 : 0) + 16)
  const end = cursor.uint64()
  cursor.skip(8 + 8)
  return { root: cursor.uint64(), end }
}

export interface Message {
  readonly type: number
  /** Its content is not here but in another object. */
  readonly shared: boolean
  readonly bytes: Buffer
}

export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFill: 0x04,
  fill: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
}

interface Block {
  readonly at: number
  readonly length: number
}

/** The messages of the object at an address, in all blocks of its header. */
export function messagesOf(bytes: Buffer, address: number): Message[] {
  const isSecond = bytes.toString('latin1', address, address + 4) === 'OHDR'
  const first = isSecond ? secondHeader(bytes, address) : firstHeader(bytes, address)
  const blocks: Block[] = [first.block]
  const messages: Message[] = []
  for (const { at, length } of blocks) {
    const cursor = new Cursor(new Cursor(bytes, at).take(length))
    while (cursor.left >= first.headBytes) {
      const message = first.next(cursor)
      if (message.type === messageTypes.continuation) {
        const place = new Cursor(message.bytes)
        blocks.push(first.continued({ at: place.uint64(), length: place.uint64() }))
      } else messages.push(message)
      if (messages.length > maxMessages || blocks.length > maxBlocks) throw new Damaged()
    }
  }
  return messages
}

interface Header {
  readonly block: Block
  /** Bytes of a message before its content. */
  readonly headBytes: number
  next(cursor: Cursor): Message
  continued(block: Block): Block
}

function firstHeader(bytes: Buffer, address: number): Header {
  const cursor = new Cursor(bytes, address)
  if (cursor.uint(1) !== 1) throw new Damaged()
  cursor.skip(7)
  const length = cursor.uint(4)
  return {
    block: { at: address + 16, length },
    headBytes: 8,
    next(inner) {
      const [type, size, flags] = [inner.uint(2), inner.uint(2), inner.uint(1)]
      return { type, shared: (flags & 2) !== 0, bytes: inner.skip(3).take(size) }
    },
    continued: (block) => block,
  }
}

function secondHeader(bytes: Buffer, address: number): Header {
  const cursor = new Cursor(bytes, address).expect('OHDR')
  if (cursor.uint(1) !== 2) throw new Damaged()
  const flags = cursor.uint(1)
  cursor.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0))
  const length = cursor.uint(1 << (flags & 3))
  const ordered = (flags & 4) !== 0
  return {
    block: { at: cursor.at, length },
    headBytes: ordered ? 6 : 4,
    next(inner) {
      const [type, size, own] = [inner.uint(1), inner.uint(2), inner.uint(1)]
      if (ordered) inner.skip(2)
      return { type, shared: (own & 2) !== 0, bytes: inner.take(size) }
    },
    // A signature in front and a checksum behind.
    continued({ at, length: whole }) {
      new Cursor(bytes, at).expect('OCHK')
      return { at: at + 4, length: whole - 8 }
    },
  }
}
