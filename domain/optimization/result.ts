import type { Fold } from './folds.ts';

/** A combination that was tried, by its number in the space. Metrics by the names of `calc metrics`; `null` where not defined. */
export interface TrialSummary {
  readonly index: number;
  readonly params: Readonly<Record<string, number>>;
  /** What the combinations were ranked by, more is better; `null` where not defined or with too few trades. */
  readonly score: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** The range that a figure lies in with so much confidence. Ratios, unless said otherwise. */
export interface Interval {
  readonly confidence: number;
  readonly low: number;
  readonly high: number;
}

/** What the Sharpe ratio of the best combination means after so many trials. Sharpe ratios are of one period (a day). */
export interface SharpeJudgement {
  readonly sharpe: number;
  /** Annual. */
  readonly sharpeRatio: number;
  /** Returns that it was measured on. */
  readonly returns: number;
  readonly skew: number;
  /** 3 for the normal distribution. */
  readonly rawKurtosis: number;
  /** Trials that count: of this job and of earlier ones that looked at the same market in the same time. */
  readonly trials: number;
  /** Variance of the Sharpe ratios of these trials, as far as they have one, and how many these are. */
  readonly variance: number | null;
  readonly varianceTrials: number;
  /** Whether the variance is that of the trials, or that of chance, which is the least with earlier trials. */
  readonly varianceFrom: 'trials' | 'chance';
  /** The best that so many worthless trials would show. */
  readonly expectedBest: number | null;
  /** Returns needed to believe with 95 % that the true Sharpe ratio is above 0; `null` when it is not above 0 itself. */
  readonly minTrackLength: number | null;
  /** Years within which so many worthless trials would show this Sharpe ratio: 2 ln N / SR^2. */
  readonly minBacktestYears: number | null;
}

export interface OverfittingJudgement {
  readonly blocks: number;
  /** Both ways of each: 12,870 for 16 blocks. */
  readonly splits: number;
  /** What the best of one half is chosen by, and ranked by in the other, whatever the objective is. */
  readonly measure: 'sharpeRatio';
  /** Trials that took part. */
  readonly trials: number;
  /** Trials that were left out: with fewer closed trades than the objective asks for they cannot be chosen. */
  readonly tooFewTrades: number;
  /** Whether they are all, or a seeded sample and the best. */
  readonly sampled: boolean;
  readonly degradationSlope: number | null;
  readonly lossProbability: number;
}

/** Hansen's test against one benchmark: probabilities that the best looks so good when none is better. */
export interface SuperiorityJudgement {
  readonly benchmark: 'buy-and-hold' | 'zero';
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
  readonly statistic: number;
  /** Trials and periods that took part. */
  readonly trials: number;
  readonly sampled: boolean;
  readonly periods: number;
  readonly draws: number;
}

export interface FoldResult extends Fold {
  /** Open times of the first bar of each part and of the bar after it (its last bar's close where there is none), ISO 8601. */
  readonly trainFrom: string;
  readonly trainTo: string;
  readonly testFrom: string;
  readonly testTo: string;
  /** What was chosen on the training part; `null` when no combination had a score. */
  readonly index: number | null;
  readonly params: Readonly<Record<string, number>> | null;
  readonly trainScore: number | null;
  /** Metrics of the choice in both parts. */
  readonly trainMetrics: Readonly<Record<string, number | null>> | null;
  readonly testMetrics: Readonly<Record<string, number | null>> | null;
  /** Why metrics of the trial are `null`, by their names. */
  readonly testReasons: Readonly<Record<string, string>>;
  /** Annual return in the trial over that where it was chosen, and why there is none. */
  readonly efficiency: number | null;
  readonly efficiencyReason: string | null;
}

/** How far a parameter wandered from fold to fold. */
export interface AxisStability {
  readonly name: string;
  /** Chosen value of each fold. */
  readonly values: readonly (number | null)[];
  /** Mean move from one fold to the next, as a share of the axis's range; `null` with fewer than two choices. */
  readonly moved: number | null;
  /** Distance between the lowest and the highest choice, as a share of the axis's range. */
  readonly spread: number | null;
  /** Share of the folds that chose the most frequent value. */
  readonly modeShare: number | null;
}

export interface WalkForwardResult {
  readonly folds: readonly FoldResult[];
  /** Metrics of the trials put end to end. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly reasons: Readonly<Record<string, string>>;
  /** Total return of the trials put end to end, and its interval by the stationary bootstrap of its daily returns. */
  readonly totalReturn: number | null;
  readonly interval: Interval | null;
  /** Daily returns in it. */
  readonly returns: number;
  /** Annual return of all trials over that of all choices, and why there is none. */
  readonly efficiency: number | null;
  readonly efficiencyReason: string | null;
  readonly stability: readonly AxisStability[];
}

/** What to expect of the chosen parameters on fresh data. */
export interface Prediction extends Interval {
  /** Days ahead that it is for. */
  readonly horizonDays: number;
  /** The middle. */
  readonly expected: number;
  /** Where the expectation comes from. */
  readonly basis: 'walk-forward' | 'deflated';
  /** The return over the horizon at the daily mean of the data that it was chosen on. */
  readonly inSample: number;
}

/** A combination of the pictures of scores. */
export interface ScoredTrial {
  readonly index: number;
  /** Of the parameters that vary. */
  readonly params: Readonly<Record<string, number>>;
  /** Its own score, and that of its neighbourhood. */
  readonly own: number;
  readonly plateau: number;
}

/** The combination with the highest score of its own beside that with the best neighbourhood: where they lie apart, the highest may be luck. */
export interface PlateauAgainstPeak {
  readonly peak: ScoredTrial;
  readonly plateau: ScoredTrial;
}

/** Scores over two parameters; cells of many values of a long axis hold the best of them. */
export interface HeatMap {
  readonly x: { readonly name: string; readonly values: readonly number[] };
  readonly y: { readonly name: string; readonly values: readonly number[] };
  /**
   * Rows by y, columns by x, over all other parameters: the best and the middle of the trials' own scores, and the best score of a neighbourhood,
   * whichever of them the objective ranks by.
   */
  readonly best: readonly (readonly (number | null)[])[];
  readonly median: readonly (readonly (number | null)[])[];
  readonly plateau: readonly (readonly (number | null)[])[];
  /** Values of x and y of the best combination in each cell; `null` where each cell is one value of each. */
  readonly bestAt: readonly (readonly (readonly [x: number, y: number] | null)[])[] | null;
}

/** Scores over one parameter, as in a heat map. */
export interface Slice {
  readonly name: string;
  readonly values: readonly number[];
  readonly best: readonly (number | null)[];
  readonly median: readonly (number | null)[];
  readonly plateau: readonly (number | null)[];
  /** The best combination's value in each cell; `null` where each cell is one value. */
  readonly bestAt: readonly (number | null)[] | null;
  readonly trials: readonly number[];
}

export interface Histogram {
  /** One edge more than counts, rising. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface ChartLine {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** Plain data of the pictures, thinned to what a picture shows. */
export interface OptimizationPictures {
  /** Each pair of parameters, at most ten pairs. */
  readonly heatMaps: readonly HeatMap[];
  readonly slices: readonly Slice[];
  /** `null` where no combination has a score. */
  readonly peak: PlateauAgainstPeak | null;
  readonly logits: Histogram | null;
  /** Annual Sharpe ratios of all trials. */
  readonly sharpeRatios: Histogram | null;
  /** Equity of the trials put end to end and of the benchmark beside it, both from the starting capital; where folds begin. */
  readonly walkForward: {
    readonly equity: ChartLine;
    readonly benchmark: ChartLine;
    readonly folds: readonly number[];
  } | null;
}

/** What a search found and what it is worth: plain JSON. A figure that is `null` has its reason in `reasons` under its path. */
export interface OptimizationResult {
  /** Bars that every combination was evaluated on: open times of the first and of the bar after the last (its close where there is none), ISO 8601. */
  readonly span: { readonly from: string; readonly to: string; readonly bars: number };
  /** Combinations tried, those with too few trades included. */
  readonly tried: number;
  /** Combinations that constraints or the strategy exclude. For a sample: those passed over until it was full. */
  readonly excluded: number;
  /** Tried ones with fewer closed trades than the objective asks for. */
  readonly tooFewTrades: number;
  /** Trials of other jobs, finished or not, that looked at the same market in the same time, and how many jobs these are. */
  readonly earlierTrials: number;
  readonly earlierJobs: number;
  /** The best combination with all its metrics; `null` when none has a score. */
  readonly best: TrialSummary | null;
  /** The best, in order, with the metrics of their rows. */
  readonly top: readonly TrialSummary[];
  /** Probability that the true Sharpe ratio of the best is above 0; above what so many trials show by chance. */
  readonly psr: number | null;
  readonly dsr: number | null;
  readonly sharpe: SharpeJudgement | null;
  readonly pbo: number | null;
  readonly overfitting: OverfittingJudgement | null;
  readonly spa: readonly SuperiorityJudgement[];
  readonly walkForward: WalkForwardResult | null;
  readonly prediction: Prediction | null;
  readonly believable: boolean;
  /** Whether to believe it and why, in one plain sentence. */
  readonly sentence: string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly pictures: OptimizationPictures;
}
