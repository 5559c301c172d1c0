/** What every part of the lab needs to know of where it works. */
import type { LabEvent } from '../contract/lab'
import type { Settings } from '../contract/program'
import type { MethodDeclaration } from '../contract/method'
import type { Analyst } from './analyst'
import type { Folders } from './data-folder'
import type { SettingsStore } from './settings'
import type { Trainings } from './training'

export interface LabContext {
  readonly settings: SettingsStore
  readonly methods: readonly MethodDeclaration[]
  readonly trainings: Trainings
  readonly analyst: Analyst
  /** Of the data folder that is set now. */
  folders(): Folders
  threads(): Settings['threads']
  emit(event: LabEvent): void
}
