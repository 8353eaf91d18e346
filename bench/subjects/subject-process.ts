import { serve } from '../child'
import { endProfile, startProfile } from '../profile'
import type { OpenSubject, Subject, SubjectSetting } from './subject'

// A process that runs one subject.

let subject: Subject | undefined
let subjectName = ''

const opened = () => {
  if (!subject) throw new Error('open a subject first')
  return subject
}

const methods = {
  /** `name` is a file of this folder. */
  async open(name: string, setting: SubjectSetting): Promise<void> {
    const file: { open: OpenSubject } = await import(`./${name}.ts`)
    subject = await file.open(setting)
    subjectName = name
  },
  prepare: (n: number) => opened().prepare(n),
  /** Delivers the whole queue. Returns the seconds from the start to the last record. */
  async run(): Promise<number> {
    await startProfile()
    const began = performance.now()
    await opened().start()
    await opened().finished()
    const seconds = (performance.now() - began) / 1000
    await endProfile(subjectName)
    return seconds
  },
  stop: () => opened().stop(),
}
export type SubjectMethods = typeof methods

serve(methods)
