/**
 * Turns the user's input into an experiment that can run: fills in defaults and refuses the first mistake with the
 * setting's dotted name and the values allowed. src/data checks what depends on the data (classes, counts).
 */
import type { z } from 'zod'
import { requireBackboneTakes } from './encoder-input'
import { requireSamplesFor, settingRefused } from './encoder'
import { fromErrorMessage, labError, toErrorMessage, type ErrorMessage, type LabError } from './errors'
import {
  adaptationSchema,
  experimentDraftSchema,
  type Experiment,
  type ExperimentDraft,
  type ModelDraft,
} from './experiment'
import { describeIssue } from './issue'
import type { MethodDeclaration } from './method'
import { nearest } from './nearest'
import { declaredSchedules, schemaOfAll, schemaOfSchedules } from './parameter'
import {
  choicesOf,
  isRecord,
  memberOf,
  namesIn,
  schemaAt,
  settingSchema,
  typeOf,
  valueAt,
  type Path,
  type SettingSchema,
} from './schema'
import { sampleSpec } from './sample'
import { shortened } from './shortened'

/** Longest value that an error shows. */
const maxShown = 60

/** A setting given on a command line: dotted name and text. */
export type SettingText = readonly [name: string, text: string]
/** A setting given by a program: text is parsed as on a command line, any other value is used unchanged. */
export type SettingChange = readonly [name: string, value: unknown]

/**
 * @throws `unknown-setting`, `missing-setting`, `wrong-type`, `out-of-range`, `not-one-of`, `unknown-method`,
 *   `too-few-classes`
 */
export function readExperiment(value: unknown, methods: readonly MethodDeclaration[]): ExperimentDraft {
  const method = methodOf(value, methods)
  const draft = withoutDeclaredSchedules(fitted(schemaWith(method), value), method)
  if (draft.source.classes !== 'all') requireEnoughClasses(draft.source.classes.length, method)
  return draft
}

/**
 * All refusals of `readExperiment`, one per setting, for the fields of a form. Each is the first mistake found in that
 * setting, the same one that the terminal reports. If there are none: samples that the encoder or method cannot take.
 */
export function refusalsOf(
  value: unknown,
  methods: readonly MethodDeclaration[],
): ReadonlyMap<string, ErrorMessage> {
  try {
    const method = methodOf(value, methods)
    const refusals = refusalsBy(schemaWith(method), value)
    return refusals.size > 0 ? refusals : refusalOfSamples(readExperiment(value, methods), method)
  } catch (error) {
    return new Map([['adaptation.method', toErrorMessage(error)]])
  }
}

function refusalOfSamples(draft: ExperimentDraft, method: MethodDeclaration): Map<string, ErrorMessage> {
  try {
    requireSuitableSamples(draft, method)
    return new Map()
  } catch (error) {
    const problem = toErrorMessage(error)
    return new Map([[settingOfSamples(problem, draft), problem]])
  }
}

/** The setting at which a form shows a refusal by `requireSuitableSamples`. */
function settingOfSamples({ code, params }: ErrorMessage, { model }: ExperimentDraft): string {
  if (code === 'encoder-refuses-samples') return settingRefused(model)
  return code === 'views-need-images' ? String(params['name']) : 'adaptation.method'
}

/** All refusals of a schema, by the dotted name of the setting. */
export function refusalsBy(schema: z.ZodType, value: unknown): ReadonlyMap<string, ErrorMessage> {
  const refusals = new Map<string, ErrorMessage>()
  const checked = schema.safeParse(value)
  if (checked.success) return refusals
  const setting = settingSchema(schema)
  for (const issue of checked.error.issues) {
    const name = issue.path.map(String).join('.')
    if (!refusals.has(name)) refusals.set(name, toErrorMessage(refusal(issue, value, setting)))
  }
  return refusals
}

/** `value` parsed by `schema`, with defaults filled in. Throws its first mistake. */
export function fitted<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const [first] = refusalsBy(schema, value).values()
  throw first === undefined
    ? labError('unexpected', { problem: describeIssue(checked.error) })
    : fromErrorMessage(first)
}

/** Drops schedules that the method declares anyway, so that equal experiments have equal settings. */
function withoutDeclaredSchedules(
  { adaptation, ...others }: z.output<ReturnType<typeof schemaWith>>,
  { parameters }: MethodDeclaration,
): ExperimentDraft {
  const declared = declaredSchedules(parameters)
  const weightSchedules: Experiment['adaptation']['weightSchedules'] = {}
  for (const [key, schedule] of Object.entries(adaptation.weightSchedules))
    if (schedule !== undefined && schedule !== declared[key]) weightSchedules[key] = schedule
  return { ...others, adaptation: { ...adaptation, weightSchedules } }
}

/**
 * Refuses an encoder or a method for which the experiment has too few classes, or samples of another kind.
 * @throws `too-few-classes`, `encoder-refuses-samples`, `method-needs-views`, `views-need-images`
 */
export function requireSuitable(experiment: Experiment, method: MethodDeclaration): void {
  requireEnoughClasses(experiment.source.classes.length, method)
  requireSuitableSamples(experiment, method)
}

type OfSamples = Pick<Experiment, 'sourceStage'> & { readonly model: ModelDraft }

function requireSuitableSamples(experiment: OfSamples, method: MethodDeclaration): void {
  requireBackboneTakes(experiment.model)
  requireSamplesFor(experiment.model)
  requireViews(experiment, method)
}

function requireEnoughClasses(found: number, { id, minClasses }: MethodDeclaration): void {
  if (found < minClasses) throw labError('too-few-classes', { method: id, least: minClasses, found })
}

/** Refuses random views of samples that have none. */
function requireViews({ model, sourceStage }: OfSamples, { id, needsViews }: MethodDeclaration): void {
  if (sampleSpec(model).kind === 'image') return
  if (needsViews === true) throw labError('method-needs-views', { method: id })
  if (sourceStage.views !== null) throw labError('views-need-images', { name: 'sourceStage.views' })
}

/**
 * `input` with settings changed. A text is parsed by the setting's type (`0.01`, `true`, `all`, `0,1` for a list, JSON
 * for any type). Choosing another kind or method drops the settings of the previous one.
 * @throws `unknown-setting`, `unknown-method`
 */
export function applySettings(
  input: unknown,
  settings: readonly SettingChange[],
  methods: readonly MethodDeclaration[],
): unknown {
  return settings.reduce((value, setting) => applySetting(value, setting, methods), input)
}

function applySetting(
  value: unknown,
  [name, given]: SettingChange,
  methods: readonly MethodDeclaration[],
): unknown {
  const path = name.split('.')
  const schema = settingSchema(schemaWith(methodOf(value, methods)))
  const setting = schemaAt(schema, value, path)
  if (setting === null) throw unknownSetting(name, schema, value)
  return replaceAt(withoutStale(value, path), path, typeof given === 'string' ? parse(given, setting) : given)
}

function schemaWith(method: MethodDeclaration) {
  const parameters = schemaOfAll(method.parameters).prefault({})
  const weightSchedules = schemaOfSchedules(method.parameters).prefault({})
  return experimentDraftSchema.extend({
    adaptation: adaptationSchema.extend({ parameters, weightSchedules }).prefault({}),
  })
}

const defaultMethod = adaptationSchema.parse({}).method

/** The method named in `value`; the default method if there is no name or the name is not a string. */
function methodOf(value: unknown, methods: readonly MethodDeclaration[]): MethodDeclaration {
  const named = valueAt(value, ['adaptation', 'method'])
  const id = typeof named === 'string' ? named : defaultMethod
  const method = methods.find((one) => one.id === id)
  if (method !== undefined) return method
  const known = methods.map((one) => one.id)
  throw labError('unknown-method', { name: shortened(id, maxShown), nearest: nearest(id, known) })
}

function dotted(path: Path): string {
  return path.join('.')
}

function unknownSetting(name: string, schema: SettingSchema, value: unknown): LabError {
  const names = namesIn(schema, value)
  const last = name.split('.').pop() ?? name
  // A last part alone, such as `learningRate`, matches every setting that ends with it.
  const sameEnd = names.filter((known) => known.split('.').pop()?.toLowerCase() === last.toLowerCase())
  return labError('unknown-setting', {
    name: shortened(name, maxShown),
    nearest: nearest(name, sameEnd.length > 0 ? sameEnd : names),
  })
}

/** A value as error messages show it. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value === undefined ? '-' : asText(value)
  return shortened(text, maxShown)
}

/** JSON.stringify is recursive and overflows the stack on a file made deeply nested for that purpose. */
function asText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '…'
  }
}

function refusal(issue: z.core.$ZodIssue, whole: unknown, schema: SettingSchema): LabError {
  const path = issue.path.filter((key): key is string | number => typeof key !== 'symbol')
  const name = path.length === 0 ? 'experiment' : dotted(path)
  const value = valueAt(whole, path)
  if (issue.code === 'unrecognized_keys')
    return unknownSetting(dotted([...path, issue.keys[0] ?? '']), schema, whole)
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return labError('missing-setting', { name })
  const setting = schemaAt(schema, whole, path) ?? {}
  const choices = choicesOf(setting)
  if (choices !== null) return notOneOf(name, value, choices)
  return (
    outOfRange(name, value, setting) ??
    labError('wrong-type', { name, value: shown(value), expected: typeOf(setting) })
  )
}

function notOneOf(name: string, value: unknown, choices: readonly string[]): LabError {
  const text = typeof value === 'string' ? shortened(value, maxShown) : shown(value)
  return labError('not-one-of', {
    name,
    value: text,
    choices: choices.join(', '),
    nearest: nearest(text, choices),
  })
}

/** Null if the value is not a quantity with bounds; then its type is wrong. */
function outOfRange(name: string, value: unknown, setting: SettingSchema): LabError | null {
  const number = setting.anyOf?.find((one) => one.minimum !== undefined) ?? setting
  const most = number.maximum === Number.MAX_SAFE_INTEGER ? '∞' : number.maximum
  const refuse = (what: string, found: string | number, least = 0, top: string | number = '∞') =>
    labError('out-of-range', { name: what, value: found, least, most: top })
  if (typeof value === 'number') {
    const wholeNumber = number.type === 'integer'
    if (number.type !== 'number' && !wholeNumber) return null
    if (wholeNumber && Number.isFinite(value) && !Number.isInteger(value)) return null
    return refuse(name, Number.isFinite(value) ? value : String(value), number.minimum, most)
  }
  if (typeof value === 'string' && setting.maxLength !== undefined)
    return refuse(`${name}.length`, value.length, setting.minLength, setting.maxLength)
  if (Array.isArray(value) && setting.maxItems !== undefined)
    return refuse(`${name}.length`, value.length, setting.minItems, setting.maxItems)
  return null
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function parse(text: string, setting: SettingSchema): unknown {
  const numbers: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity }
  const type = typeOf(setting)
  if (type === 'string' || setting.enum !== undefined) return text
  if (type === 'number' || type === 'integer') return numbers[text] ?? asJson(text)
  if (wordsOf(setting).includes(text)) return text
  const value = asJson(text)
  const items = listIn(setting)?.items
  if (items === undefined || Array.isArray(value) || value === null) return value
  return text.trim() === '' ? [] : text.split(',').map((one) => parse(one.trim(), items))
}

/** The words that a setting may be instead of a list or number, such as `all`. */
function wordsOf({ anyOf = [] }: SettingSchema): readonly string[] {
  const words = anyOf.flatMap((one) => [one.const, ...(one.enum ?? [])])
  return words.filter((word) => typeof word === 'string')
}

/** The list that a setting is or may be. */
function listIn(setting: SettingSchema): SettingSchema | undefined {
  return setting.type === 'array' ? setting : setting.anyOf?.find(({ type }) => type === 'array')
}

/** Drops what belonged to the previous kind, method or target when another one is chosen. */
function withoutStale(value: unknown, path: readonly string[]): unknown {
  const parent = path.slice(0, -1)
  if (path[path.length - 1] === 'kind') return replaceAt(value, parent, {})
  // Labels name samples by their index in the target's dataset.
  const labels = ['adaptation', 'labels']
  if (dotted(path) === 'target.dataset' && valueAt(value, labels) !== undefined)
    return replaceAt(value, labels, [])
  if (dotted(path) !== 'adaptation.method') return value
  return ['parameters', 'weightSchedules'].reduce(
    (rest, group) => replaceAt(rest, ['adaptation', group], {}),
    value,
  )
}

/** A copy of `value` with `inside` at `path`; missing parents are created. */
function replaceAt(value: unknown, path: Path, inside: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return inside
  const member = replaceAt(memberOf(value, key), rest, inside)
  if (!Array.isArray(value)) return { ...(isRecord(value) ? value : {}), [key]: member }
  return Object.assign([...(value as unknown[])], { [key]: member })
}
