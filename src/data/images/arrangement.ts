/**
 * What the folders below a folder of images stand for: classes, splits above classes, or nothing.
 *
 * A folder whose images lie directly in it is a dataset without labels. Otherwise each folder in it is a class with all
 * images below it. Folders named like splits (`train`, `test`, ...) are the splits. A folder that holds nothing but one
 * folder of folders, such as Office-31's `amazon/images`, stands for that one.
 */
import { extname, join, relative, sep } from 'path'
import { labError } from '../../contract/errors'
import { type Note, note } from '../../contract/note'
import type { Split } from '../partition'
import { splitKinds, type SplitWord, splitWords } from '../split-words'
import { compareNames, type FolderNode } from './folder-tree'

export interface ArrangedFile {
  readonly file: string
  /** The path relative to the folder, with `/`. */
  readonly origin: string
  /** Null: the class is not known. */
  readonly className: string | null
  readonly split: Split
}

export interface Arrangement {
  /** Training images first, each split class by class. */
  readonly files: readonly ArrangedFile[]
  /** Sorted; empty if no class is known. */
  readonly classNames: readonly string[]
  readonly notes: readonly Note[]
}

/** Endings of files that commonly lie beside images. A file with any other ending should be an image. */
const otherEndings = new Set(
  'txt md csv tsv json jsonl xml html yaml yml ini cfg log py ipynb js ts sh bat mat npy npz pkl pt pth h5 hdf5 parquet zip gz tar tgz 7z rar pdf doc docx xls xlsx ppt pptx db sqlite mp4 mov avi wav mp3 exe dll'
    .split(' ')
    .map((ending) => `.${ending}`),
)

export function isNamedOtherwise(name: string): boolean {
  return otherEndings.has(extname(name).toLowerCase())
}

const imagesIn = ({ files }: FolderNode): string[] => files.filter((name) => !isNamedOtherwise(name))

function holdsImages(node: FolderNode): boolean {
  return imagesIn(node).length > 0 || node.folders.some(holdsImages)
}

const branchesOf = (node: FolderNode): FolderNode[] => node.folders.filter(holdsImages)

/** Names of folders that say nothing about a class. */
const namelessFolders = [
  ...['images', 'image', 'imgs', 'img', 'photos', 'pictures', 'data', 'all', 'raw'],
  ...['unlabelled', 'unlabeled', 'unsorted', 'unknown', '图像', '图片', '照片', '未标注', '无标签'],
]

const isNameless = (name: string): boolean => namelessFolders.includes(name.normalize('NFC').toLowerCase())

/** The folder that another one stands for, because all images lie in that alone and its name is no class. */
function enter(node: FolderNode): FolderNode {
  const [only, second] = branchesOf(node)
  if (only === undefined || second !== undefined || imagesIn(node).length > 0) return node
  return imagesIn(only).length > 0 && !isNameless(only.name) ? node : enter(only)
}

const folderSplits: Readonly<Record<SplitWord, readonly string[]>> = {
  train: [...splitWords.train, 'trainset', '训练', '训练集'],
  validation: [...splitWords.validation, '验证', '验证集'],
  test: [...splitWords.test, 'testset', 'eval', '测试', '测试集'],
}

function splitNamed(name: string): SplitWord | null {
  const given = name.normalize('NFC').toLowerCase()
  return splitKinds.find((split) => folderSplits[split].includes(given)) ?? null
}

/** Validation images are held out if there are no test images; otherwise they are trained on. */
function splitsIn(branches: readonly FolderNode[]): ReadonlyMap<FolderNode, Split> | null {
  const names = branches.map(({ name }) => splitNamed(name))
  if (branches.length < 2 || names.includes(null)) return null
  const [hasTest, hasTrain] = [names.includes('test'), names.includes('train')]
  return new Map(
    branches.map((branch, index) => {
      const name = names[index]
      const isHeld = name === 'test' || (name === 'validation' && !hasTest && hasTrain)
      return [branch, isHeld ? 'test' : 'train']
    }),
  )
}

/** Names in the error; the classes are an example. */
const mostClasses = 3

/**
 * Throws `several-domains` if folders repeat the same classes, as the domains of Office-31 do when all of them are
 * given.
 */
function refuseDomains(base: FolderNode, branches: readonly FolderNode[]): void {
  if (branches.length < 2 || branches.some((branch) => imagesIn(branch).length > 0)) return
  const classes = branches.map((branch) => branchesOf(enter(branch)).map(({ name }) => name))
  const [first = [], ...others] = classes
  const shared = first.filter((name) => others.every((names) => names.includes(name)))
  if (shared.length === 0 || 2 * shared.length < Math.min(...classes.map(({ length }) => length))) return
  throw labError('several-domains', {
    folder: base.path,
    options: branches.map(({ name }) => name),
    classes: shared.slice(0, mostClasses),
  })
}

/** Every file below a folder that should be an image. */
function below(node: FolderNode): string[] {
  return [...imagesIn(node).map((name) => join(node.path, name)), ...node.folders.flatMap(below)]
}

/** Every file below a folder that is named like something else. */
function othersBelow(node: FolderNode): string[] {
  const own = node.files.filter(isNamedOtherwise).map((name) => join(node.path, name))
  return [...own, ...node.folders.flatMap(othersBelow)]
}

/** The images below the folders of one split, with the names of their classes before sorting. */
function classesIn(base: FolderNode): [file: string, className: string | null][] {
  const branches = branchesOf(base)
  if (branches.length === 0) return imagesIn(base).map((name) => [join(base.path, name), null])
  refuseDomains(base, branches)
  return branches.flatMap((branch) =>
    below(branch).map((file): [string, string] => [file, branch.name.normalize('NFC')]),
  )
}

/** The folders whose folders are classes, each with its split. */
function splitFolders(base: FolderNode): ReadonlyMap<FolderNode, Split> {
  const splits = splitsIn(branchesOf(base))
  if (splits === null) return new Map([[base, 'train']])
  return new Map([...splits].map(([branch, split]) => [enter(branch), split]))
}

const originOf = (file: string, root: string): string => relative(root, file).split(sep).join('/')

/**
 * @param root may hold any files
 * @throws `no-images`, `several-domains`
 */
export function arrange(root: FolderNode): Arrangement {
  if (!holdsImages(root)) throw labError('no-images', { folder: root.path })
  const base = enter(root)
  const folders = splitFolders(base)
  const labelled = [...folders].flatMap(([folder, split]) =>
    classesIn(folder).map(([file, className]) => ({
      file,
      origin: originOf(file, root.path),
      className,
      split,
    })),
  )
  const known = labelled.flatMap(({ className }) => (className === null ? [] : [className]))
  const classNames = [...new Set(known)].sort(compareNames)
  const rank = new Map(classNames.map((name, index) => [name, index]))
  const order = ({ className, split }: ArrangedFile) =>
    (split === 'train' ? 0 : classNames.length + 1) + (rank.get(className ?? '') ?? classNames.length)
  const files = labelled
    .map((file, index) => ({ file, index }))
    .sort((a, b) => order(a.file) - order(b.file) || a.index - b.index)
    .map(({ file }) => file)
  return { files, classNames, notes: notesOn(root, base, [...folders.keys()], labelled) }
}

function notesOn(
  root: FolderNode,
  base: FolderNode,
  folders: readonly FolderNode[],
  files: readonly ArrangedFile[],
): Note[] {
  const shown = (paths: readonly string[]) => paths.map((path) => originOf(path, root.path))
  const counted = (
    code: 'files-passed-over' | 'folders-without-images' | 'images-beside-classes' | 'images-nested',
    paths: readonly string[],
  ) => (paths.length === 0 ? [] : [note(code, { count: paths.length, names: shown(paths) })])
  const classFolders = folders.flatMap(branchesOf)
  const beside = folders.flatMap((folder) =>
    branchesOf(folder).length === 0 ? [] : imagesIn(folder).map((name) => join(folder.path, name)),
  )
  const nested = classFolders.flatMap((folder) => folder.folders.flatMap(below))
  const isKept = (split: Split) => shown(splitPaths(base, split))
  const imageless = [...new Set([base, ...folders])].flatMap((folder) =>
    folder.folders.filter((inner) => !holdsImages(inner)).map(({ path }) => path),
  )
  return [
    ...(base === root ? [] : [note('folder-entered', { folder: originOf(base.path, root.path) })]),
    ...(files.some(({ split }) => split === 'test')
      ? [note('splits-taken', { training: isKept('train'), test: isKept('test') })]
      : []),
    ...counted('images-nested', nested),
    ...counted('images-beside-classes', beside),
    ...counted('folders-without-images', imageless),
    ...counted('files-passed-over', othersBelow(root)),
  ]
}

function splitPaths(base: FolderNode, wanted: Split): string[] {
  const splits = splitsIn(branchesOf(base))
  return [...(splits ?? [])].flatMap(([{ path }, split]) => (split === wanted ? [path] : []))
}
