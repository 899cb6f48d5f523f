// A study's way to this member's data: declared files as text, declared views through DuckDB with files and network shut off.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from '@madang/study';
import type { DatasetConfig } from '../config.ts';

/** `owner` is this member: some kinds ask which part of a common question is its own. */
export function dataSource(home: string, dataset: DatasetConfig, owner?: string): DataSource {
  const path = (name: string) => {
    const file = dataset.files[name];
    if (file === undefined)
      throw new Error(
        `this dataset declares no file "${name}"; it has: ${Object.keys(dataset.files).join(', ') || 'none'}`,
      );
    return join(home, 'data', file);
  };
  return {
    ...(owner === undefined ? {} : { owner }),
    files: Object.keys(dataset.files),
    file: async name => {
      try {
        return await readFile(path(name), 'utf8');
      } catch (cause) {
        throw new Error(`the file "${name}" of this dataset cannot be read`, { cause });
      }
    },
    query: sql => queryViews(dataset, path, sql),
  };
}

/** Loads declared files into tables, defines the views, then locks the engine before the study's SQL runs. */
async function queryViews(
  dataset: DatasetConfig,
  path: (name: string) => string,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    for (const name of Object.keys(dataset.files)) {
      const file = path(name).replaceAll("'", "''");
      const reader = file.endsWith('.parquet') ? 'read_parquet' : 'read_csv_auto';
      await connection.run(`CREATE TABLE "${name.replaceAll('"', '')}" AS SELECT * FROM ${reader}('${file}')`);
    }
    for (const [name, view] of Object.entries(dataset.views))
      await connection.run(`CREATE VIEW "${name.replaceAll('"', '')}" AS ${view}`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    const result = await connection.runAndReadAll(sql);
    return result.getRowObjects() as Record<string, unknown>[];
  } catch (error) {
    throw new Error(
      `the query failed beside the data: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
