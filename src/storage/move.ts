import { hash } from "node:crypto";
import { CompiledQuery, type Kysely, sql, type Transaction } from "kysely";
import { asStorageError, type EngineConnection } from "./engine.ts";
import { MIGRATIONS, migrate } from "./migrations/migrate.ts";
import { type MovedMark, readMark, removeMark, setMark } from "./moved-mark.ts";
import { DATA_TABLES, type DataTable, TABLE_KEYS, type Tables } from "./tables.ts";

/** Rows per read. */
const ROWS_PER_READ = 2_000;
/** SQLite takes 32,766 parameters in one statement. */
const PARAMETERS_PER_STATEMENT = 30_000;

/** How many rows a table has, and a checksum that is equal only for equal contents. */
export type TableSum = {
  readonly table: DataTable;
  readonly rows: number;
  readonly checksum: string;
};

/** Why nothing was moved. */
export type MoveRefusal =
  | "in-use"
  | "source-blank"
  | "source-moved"
  | "source-unfinished"
  | "target-not-empty"
  | "target-moved"
  | "target-unfinished"
  | "not-equal";

/** The outcome of a move; `message` is a sentence for the person who runs it. */
export type MoveOutcome =
  | { readonly ok: true; readonly sums: readonly TableSum[] }
  | { readonly ok: false; readonly reason: MoveRefusal; readonly message: string };

/** A row with its columns in the order in which they were selected. */
type Row = Readonly<Record<string, unknown>>;
type Session = Kysely<Tables>;
type Place = Pick<EngineConnection, "engine" | "where">;

/**
 * Copies a database's contents into an empty one on another engine, compares the two, and marks the
 * source as moved: no bot starts on it from then on, so no digest is posted from both. Until the
 * end the target is marked as unfinished, and no bot starts on that either; an interrupted move,
 * even after kill -9, is completed by running it again. Rejects with `StorageError`.
 */
export async function moveStorage(options: {
  source: EngineConnection;
  target: EngineConnection;
  now: Date;
}): Promise<MoveOutcome> {
  const { source, target, now } = options;
  for (const end of [source, target]) {
    if (!(await on(end, () => end.lockExclusively()))) return refused("in-use", inUse(end.where));
  }
  const refusal =
    (await refusalOfSource(source, target)) ?? (await refusalOfTarget(target, source));
  if (refusal !== undefined) return refusal;

  const schemaOf = ({ engine, where }: Place) => ({
    engine,
    where,
    now,
    migrations: MIGRATIONS,
    isMoving: true,
  });
  await inTransaction(target, async (into) => {
    await migrate(into, schemaOf(target));
    await setMark(into, { kind: "arriving", other: source.where, now });
  });
  await inTransaction(source, (from) => migrate(from, schemaOf(source)));

  const sums = await inTransaction(target, async (into) => {
    await empty(into);
    return on(source, () =>
      copyAll({ place: source, session: source.database }, { place: target, session: into }),
    );
  });
  const arrived = await sumsOf(target);
  const different = sums.find(
    ({ table, checksum }, at) => table !== arrived[at]?.table || checksum !== arrived[at]?.checksum,
  );
  if (different !== undefined) {
    return refused(
      "not-equal",
      `${different.table} is not the same in ${target.where} as in ${source.where}: nothing was changed there.`,
    );
  }
  // In this order, so that a bot can never start on both.
  await inTransaction(source, (from) => setMark(from, { kind: "moved", other: target.where, now }));
  await inTransaction(target, removeMark);
  return { ok: true, sums };
}

/**
 * Says what a move would do, and changes nothing. `target` is undefined for a file that does not
 * exist yet.
 */
export async function rehearseMove(options: {
  source: EngineConnection;
  target: EngineConnection | undefined;
  targetWhere: string;
}): Promise<MoveOutcome> {
  const { source, target, targetWhere } = options;
  const refusal =
    (await refusalOfSource(source, target ?? { where: targetWhere })) ??
    (target === undefined ? undefined : await refusalOfTarget(target, source));
  return refusal ?? { ok: true, sums: await sumsOf(source) };
}

function refused(reason: MoveRefusal, message: string): Extract<MoveOutcome, { ok: false }> {
  return { ok: false, reason, message };
}

function inUse(where: string): string {
  return `A bot, or another move, uses ${where}: stop it first.`;
}

async function refusalOfSource(
  source: EngineConnection,
  target: Pick<EngineConnection, "where">,
): Promise<MoveOutcome | undefined> {
  const mark = await markIn(source);
  if (mark?.kind === "arriving") {
    return refused(
      "source-unfinished",
      `A move into ${source.where} from ${mark.other} was not finished: run that one again first.`,
    );
  }
  if (mark?.kind === "moved" && mark.other !== target.where) {
    return refused(
      "source-moved",
      `${source.where} was moved to ${mark.other} on ${mark.on} already.`,
    );
  }
  if ((await tablesIn(source)).length === 0)
    return refused("source-blank", `There is nothing to move in ${source.where}.`);
  return undefined;
}

async function refusalOfTarget(
  target: EngineConnection,
  source: EngineConnection,
): Promise<MoveOutcome | undefined> {
  const [mark, sourceMark] = [await markIn(target), await markIn(source)];
  // Its contents came from this same source, which still has them.
  if (mark?.kind === "arriving" && mark.other === source.where) return undefined;
  if (mark?.kind === "arriving") {
    return refused(
      "target-unfinished",
      `A move into ${target.where} from ${mark.other} was not finished: run that one again first.`,
    );
  }
  if (mark?.kind === "moved") {
    return refused(
      "target-moved",
      `${target.where} holds what was moved to ${mark.other} on ${mark.on}: put it out of the way, or choose an empty database.`,
    );
  }
  if (sourceMark?.kind === "moved")
    return refused(
      "source-moved",
      `${source.where} was moved to ${sourceMark.other} on ${sourceMark.on} already.`,
    );
  for (const table of await tablesIn(target)) {
    if (table === "storage_revision") continue;
    const row = await on(target, () =>
      target.database
        .selectFrom(table)
        .select(sql<number>`1`.as("found"))
        .limit(1)
        .executeTakeFirst(),
    );
    if (row !== undefined)
      return refused(
        "target-not-empty",
        `${target.where} is not empty (${table}), and nothing is overwritten.`,
      );
  }
  return undefined;
}

/** Our tables that exist in a database. */
async function tablesIn(connected: EngineConnection): Promise<readonly DataTable[]> {
  const columns = await on(connected, () => columnsIn(connected, connected.database));
  return DATA_TABLES.filter((table) => columns.has(table));
}

async function markIn(connected: EngineConnection): Promise<MovedMark | undefined> {
  const columns = await on(connected, () => columnsIn(connected, connected.database));
  return columns.has("lambo_migrations")
    ? on(connected, () => readMark(connected.database))
    : undefined;
}

/** The names of the columns of every table of a database, sorted. */
async function columnsIn(
  { engine }: Place,
  session: Session,
): Promise<ReadonlyMap<string, readonly string[]>> {
  type Column = { table: string; name: string };
  const query =
    engine === "sqlite"
      ? sql<Column>`select m.name as "table", c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`
      : sql<Column>`select table_name as "table", column_name as name from information_schema.columns
          where table_schema = current_schema()`;
  const { rows } = await query.execute(session);
  const columns = new Map<string, string[]>();
  for (const { table, name } of rows) columns.set(table, [...(columns.get(table) ?? []), name]);
  for (const names of columns.values()) names.sort();
  return columns;
}

type Side = { readonly place: Place; readonly session: Session };

/** Copies every table; resolves to the checksums of what was read. */
async function copyAll(source: Side, target: Side): Promise<readonly TableSum[]> {
  const sums: TableSum[] = [];
  const [sourceColumns, targetColumns] = [
    await columnsIn(source.place, source.session),
    await columnsIn(target.place, target.session),
  ];
  for (const table of DATA_TABLES) {
    const columns = sourceColumns.get(table) ?? [];
    if (columns.join() !== targetColumns.get(table)?.join())
      throw new Error(`the columns of ${table} differ`);
    const sum = createSum(table);
    // The next rows are read while the previous ones are written.
    let writing = Promise.resolve();
    for await (const rows of pagesOf(source.session, table, columns)) {
      const texts = sum.add(rows);
      await writing;
      writing =
        target.place.engine === "postgres"
          ? insertIntoPostgres(target.session, { table, columns, texts })
          : insertIntoSqlite(target.session, { table, columns, rows });
      // A failure is thrown at the next await.
      writing.catch(() => undefined);
    }
    await writing;
    sums.push(sum.total());
  }
  if (target.place.engine === "postgres") await continueNumbering(target.session);
  return sums;
}

/** Counts and checksums of everything in a database. */
async function sumsOf(connected: EngineConnection): Promise<readonly TableSum[]> {
  const sums: TableSum[] = [];
  const columnsByTable = await on(connected, () => columnsIn(connected, connected.database));
  for (const table of DATA_TABLES) {
    const columns = columnsByTable.get(table);
    if (columns === undefined) continue;
    sums.push(
      await on(connected, async () => {
        const sum = createSum(table);
        for await (const rows of pagesOf(connected.database, table, columns)) sum.add(rows);
        return sum.total();
      }),
    );
  }
  return sums;
}

/** All rows in key order, page by page. */
async function* pagesOf(
  session: Session,
  table: DataTable,
  columns: readonly string[],
): AsyncGenerator<readonly Row[]> {
  const keys: readonly string[] = TABLE_KEYS[table];
  const names = (list: readonly string[]) => sql.join(list.map((name) => sql.ref(name)));
  let end: Row | undefined;
  do {
    const after =
      end === undefined
        ? sql``
        : sql`where (${names(keys)}) > (${sql.join(keys.map((key) => end?.[key]))})`;
    const { rows } = await sql<Row>`select ${names(columns)} from ${sql.table(table)} ${after}
      order by ${names(keys)} limit ${sql.lit(ROWS_PER_READ)}`.execute(session);
    if (rows.length > 0) yield rows;
    end = rows.length < ROWS_PER_READ ? undefined : rows.at(-1);
  } while (end !== undefined);
}

type Insertion = { readonly table: DataTable; readonly columns: readonly string[] };

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(", ");
}

/**
 * Sends the rows as one JSON parameter, which the server converts to its column types: several
 * times faster than one parameter per value.
 */
async function insertIntoPostgres(
  session: Session,
  { table, columns, texts }: Insertion & { texts: readonly string[] },
): Promise<void> {
  const statement = `insert into "${table}" (${quoted(columns)}) overriding system value
    select ${quoted(columns)} from json_populate_recordset(null::"${table}", $1::json)`;
  await session.executeQuery(CompiledQuery.raw(statement, [`[${texts.join(",")}]`]));
}

/** One parameter per value: SQLite does not parse every JSON number exactly. */
async function insertIntoSqlite(
  session: Session,
  { table, columns, rows }: Insertion & { rows: readonly Row[] },
): Promise<void> {
  const rowsAtOnce = Math.floor(PARAMETERS_PER_STATEMENT / columns.length);
  const places = `(${columns.map(() => "?").join(", ")})`;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const part = rows.slice(from, from + rowsAtOnce);
    // Kysely's builder creates an object per value, which takes longer than the database does.
    const statement = `insert into "${table}" (${quoted(columns)}) values ${part.map(() => places).join(", ")}`;
    const values = part.flatMap((row) => columns.map((column) => row[column]));
    await session.executeQuery(CompiledQuery.raw(statement, values));
  }
}

/** Continues the numbering of changes after the copied ones. */
async function continueNumbering(session: Session): Promise<void> {
  await sql`select setval(pg_get_serial_sequence('config_changes', 'id'), greatest(max(id), 1), max(id) is not null) from config_changes`.execute(
    session,
  );
}

/** Deletes everything, including what an interrupted move left. */
async function empty(transaction: Transaction<Tables>): Promise<void> {
  for (const table of DATA_TABLES.toReversed()) await transaction.deleteFrom(table).execute();
}

/**
 * Sums the hashes of rows, so that the result does not depend on how an engine sorts keys. `add`
 * returns the rows as JSON.
 */
function createSum(table: DataTable): {
  add(rows: readonly Row[]): readonly string[];
  total(): TableSum;
} {
  let count = 0;
  let sum = 0n;
  return {
    add(rows) {
      count += rows.length;
      return rows.map((row) => {
        const text = JSON.stringify(row);
        sum += hash("sha256", text, "buffer").readBigUInt64BE();
        return text;
      });
    },
    total: () => ({
      table,
      rows: count,
      checksum: BigInt.asUintN(64, sum).toString(16).padStart(16, "0"),
    }),
  };
}

async function on<T>(connected: EngineConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(connected, error);
  }
}

function inTransaction<T>(
  connected: EngineConnection,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return on(connected, () => connected.database.transaction().execute(work));
}
