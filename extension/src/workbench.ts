/** What the workbench knows: loaded from the server, one refresh at a time, the last one wins. */

import { type ISignal, Signal } from '@lumino/signaling';
import { problemOf } from './request';
import type { IAssignment, IBank, IClassroom, IProblem, IUstazClient, IWorkbench } from './tokens';

export class Workbench implements IWorkbench {
  constructor(private _client: IUstazClient) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get loading(): boolean {
    return this._loading;
  }

  get problem(): IProblem | null {
    return this._problem;
  }

  get classrooms(): readonly IClassroom[] {
    return this._classrooms;
  }

  get current(): IClassroom | null {
    return this._classrooms.find(each => each.id === this._currentId) ?? null;
  }

  get assignments(): readonly IAssignment[] {
    return this._assignments;
  }

  get assignmentsProblem(): IProblem | null {
    return this._assignmentsProblem;
  }

  get bank(): IBank | null {
    return this._bank;
  }

  get bankProblem(): IProblem | null {
    return this._bankProblem;
  }

  async refresh(): Promise<void> {
    const turn = this._begin();
    try {
      const classrooms = await this._client.classrooms();
      if (turn !== this._turn) {
        return;
      }
      this._classrooms = classrooms;
      this._problem = null;
    } catch (reason) {
      if (turn !== this._turn) {
        return;
      }
      this._problem = problemOf(reason);
      this._end();
      return;
    }
    if (!this.current) {
      const usable = this._classrooms.find(each => !each.problem);
      this._forget(usable?.id ?? this._classrooms[0]?.id ?? '');
    }
    await this._load(turn);
  }

  async select(classroom: string): Promise<void> {
    if (classroom === this._currentId) {
      return;
    }
    this._forget(classroom);
    await this._load(this._begin());
  }

  /** Assignments and templates come apart: one that fails does not hide the other. */
  private async _load(turn: number): Promise<void> {
    const current = this.current;
    if (!current || current.problem) {
      this._end();
      return;
    }
    const [assignments, bank] = await Promise.allSettled([
      this._client.assignments(current.id),
      this._client.bank(current.id)
    ]);
    if (turn !== this._turn) {
      return;
    }
    this._assignmentsProblem =
      assignments.status === 'rejected' ? problemOf(assignments.reason) : null;
    this._bankProblem = bank.status === 'rejected' ? problemOf(bank.reason) : null;
    this._assignments = assignments.status === 'fulfilled' ? assignments.value : this._assignments;
    this._bank = bank.status === 'fulfilled' ? bank.value : this._bank;
    this._end();
  }

  private _forget(next: string): void {
    this._currentId = next;
    this._assignments = [];
    this._bank = null;
    this._assignmentsProblem = null;
    this._bankProblem = null;
  }

  private _begin(): number {
    this._loading = true;
    this._changed.emit();
    return ++this._turn;
  }

  private _end(): void {
    this._loading = false;
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _turn = 0;
  private _loading = false;
  private _problem: IProblem | null = null;
  private _classrooms: IClassroom[] = [];
  private _currentId = '';
  private _assignments: IAssignment[] = [];
  private _assignmentsProblem: IProblem | null = null;
  private _bank: IBank | null = null;
  private _bankProblem: IProblem | null = null;
}
