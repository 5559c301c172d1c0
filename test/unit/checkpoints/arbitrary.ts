/** Derives a fast-check arbitrary from a schema of the contract, to generate any value that it allows. */
import fc, { type Arbitrary } from 'fast-check'
import { z } from 'zod'

/** The part of zod's JSON Schema that the contract uses. */
interface Description {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Description[]
  readonly oneOf?: readonly Description[]
  readonly properties?: Readonly<Record<string, Description>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Description | boolean
  readonly items?: Description
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
}

/** JSON has no negative zero. */
const oneZero = (value: number): number => (value === 0 ? 0 : value)

/** Texts as in names and notes: any language, quotes, brackets and line ends, but no unpaired surrogates. */
const text = (one: Description) =>
  fc.string({ minLength: one.minLength ?? 0, maxLength: Math.min(one.maxLength ?? 12, 12), unit: 'grapheme' })

function drawn(one: Description): Arbitrary<unknown> {
  if ('const' in one) return fc.constant(one.const)
  if (one.enum !== undefined) return fc.constantFrom(...one.enum)
  const choices = one.anyOf ?? one.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map(drawn))
  const { type, minimum, maximum, exclusiveMinimum } = one
  if (typeof type === 'object') return fc.oneof(...type.map((each) => drawn({ ...one, type: each })))
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'string':
      return text(one)
    case 'integer':
      return fc.maxSafeInteger().map((value) => {
        const [least, most] = [minimum ?? -1e6, maximum ?? 1e6]
        return least + (Math.abs(value) % (Math.min(most, least + 1e9) - least + 1))
      })
    case 'number':
      return fc
        .double({
          noNaN: true,
          noDefaultInfinity: true,
          min: minimum ?? exclusiveMinimum ?? -1e300,
          max: maximum ?? 1e300,
          minExcluded: exclusiveMinimum !== undefined,
        })
        .map(oneZero)
    case 'array':
      return fc.array(one.items === undefined ? fc.constant(null) : drawn(one.items), {
        minLength: one.minItems ?? 0,
        maxLength: Math.max(one.minItems ?? 0, Math.min(one.maxItems ?? 3, 3)),
      })
    case 'object':
      return ofObject(one)
    case undefined:
      // A custom check of the lab, such as the one for error codes; all of them expect text.
      return text(one)
    default:
      throw new Error(`nothing can be drawn from ${JSON.stringify(one)}`)
  }
}

function ofObject({ properties, required = [], additionalProperties }: Description): Arbitrary<unknown> {
  if (properties === undefined && typeof additionalProperties === 'object') {
    return fc.dictionary(fc.string({ maxLength: 8 }), drawn(additionalProperties), {
      maxKeys: 4,
      noNullPrototype: true,
    })
  }
  const members = Object.entries(properties ?? {}).map(([name, member]) => [name, drawn(member)] as const)
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true })
}

/**
 * Values as the schema outputs them: with defaults, and names in NFC. Values that only a refinement rejects are
 * omitted.
 */
export function arbitraryOf<T extends z.ZodType>(schema: T): Arbitrary<z.output<T>> {
  const description = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', reused: 'inline' })
  return drawn(description as Description)
    .map((value) => schema.safeParse(value))
    .filter(({ success }) => success)
    .map(({ data }) => data!)
}
