/** So many points in each window of so many seconds. The window of a key begins with its first claim. */
export interface Budget {
  /** Names it in keys, metrics and headers: letters, digits, `.` and `-`. One name always has the same seconds. */
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** Points that somebody wants to spend. */
export interface Claim {
  readonly budget: Budget;
  /** Bare uuid. Null: the budget belongs to no workspace. */
  readonly workspaceId: string | null;
  /** Whose budget, such as the id of a key. What is personal has to be hashed before. */
  readonly identifier: string;
  /** Whole, 0 or more. Default 1. 0 only looks. */
  readonly points?: number;
}

/** How a budget stands after a claim. Points of a refused claim count, too: whoever goes on asking has to wait for the window's end. */
export interface BudgetState {
  readonly budget: Budget;
  readonly allowed: boolean;
  /** Points left in this window, 0 or more. */
  readonly remaining: number;
  /** Whole seconds until the window ends and all points are there again, at least 1. */
  readonly resetSeconds: number;
}
