/**
 * Looks up a setting in a schema: its bounds, its choices, the names within it. Uses the JSON Schema that zod derives,
 * so that error messages and the terminal's `--set` follow from the one declaration.
 */
import { z } from 'zod'

export type Path = readonly (string | number)[]

/** The subset of JSON Schema that experiments use. */
export interface SettingSchema {
  readonly type?: string
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number | boolean | undefined)[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, SettingSchema>>
  readonly items?: SettingSchema
  readonly anyOf?: readonly SettingSchema[]
  readonly oneOf?: readonly SettingSchema[]
}

export function settingSchema(schema: z.ZodType): SettingSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as SettingSchema
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member of `value` under `key`; undefined if there is none. */
export function memberOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)] as unknown
  return isRecord(value) && Object.prototype.hasOwnProperty.call(value, key) ? value[key] : undefined
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(memberOf, value)
}

/**
 * For a setting of several kinds (`sgd`, `adam`), the schema of the kind in `value`; for a nullable one, the schema
 * without null.
 */
export function variantOf(schema: SettingSchema, value: unknown): SettingSchema {
  const kind = memberOf(value, 'kind')
  return schema.oneOf?.find((variant) => variant.properties?.['kind']?.const === kind) ?? notNull(schema)
}

function notNull(schema: SettingSchema): SettingSchema {
  return schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema
}

/** The schema of the setting at `path`, where `value` selects between kinds; null if there is none. */
export function schemaAt(schema: SettingSchema, value: unknown, path: Path): SettingSchema | null {
  const [key, ...rest] = path
  if (key === undefined) return schema
  const here = variantOf(schema, value)
  const kinds = { const: undefined, enum: here.oneOf?.map((variant) => variant.properties?.['kind']?.const) }
  const inside =
    here.items !== undefined && /^\d+$/.test(String(key))
      ? here.items
      : key === 'kind' && here.oneOf !== undefined
        ? kinds
        : ownProperty(here, String(key))
  return inside === undefined ? null : schemaAt(inside, memberOf(value, key), rest)
}

function ownProperty(schema: SettingSchema, key: string): SettingSchema | undefined {
  const { properties } = schema
  return properties !== undefined && Object.prototype.hasOwnProperty.call(properties, key)
    ? properties[key]
    : undefined
}

/** All names within a schema, dotted and without list indices. */
export function namesIn(schema: SettingSchema, value: unknown, prefix = ''): string[] {
  const here = variantOf(schema, value)
  return Object.entries(here.properties ?? {}).flatMap(([key, inside]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`
    return [name, ...namesIn(inside, memberOf(value, key), name)]
  })
}

/** The listed values of a setting; null if its values are not listed. */
export function choicesOf(schema: SettingSchema): string[] | null {
  if (schema.const !== undefined) return [String(schema.const)]
  if (schema.enum !== undefined) return schema.enum.map(String)
  const each = schema.anyOf?.map(choicesOf)
  return each === undefined || each.includes(null) ? null : each.flatMap((choices) => choices ?? [])
}

/** The type of a setting in one word: `number`, `integer`, `string`, `boolean`, `array`, `object`, or `all|integer`. */
export function typeOf(schema: SettingSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => String(one.const ?? typeOf(one))).join('|')
  if (schema.oneOf !== undefined) return 'object'
  return schema.type ?? ''
}
