import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintLua } from './store/lint-lua.ts';

const FOLDER = join(import.meta.dirname, '../src/store/redis/lua');

test.each(readdirSync(FOLDER))('%s has no fault', (name) => {
  expect(lintLua(readFileSync(join(FOLDER, name), 'utf8'))).toEqual([]);
});

test.each([
  ['no Lua', "-- KEYS: a key.\nreturn redis.call('GET', KEYS[1]", "[2:32] ')' expected near '<eof>'"],
  ['Lua of a later version', 'local a = 7 // 2\nreturn a', "[1:13] <expression> expected near '/'"],
  ['a global that is set', 'count = 1\nreturn 1', 'line 1: count is set, and is no local'],
  ['a function for all scripts', 'function f() return 1 end\nreturn 1', 'line 1: a function is no local'],
  ['a name that is wrong', 'local time = 1\nreturn tiem + time', 'line 2: there is no tiem'],
  ['what Redis has not', "return os.getenv('HOME')", 'line 1: there is no os'],
  ['a local for nothing', 'local a = 1\nreturn 2', 'line 1: a is never used'],
  ['a key by name', "return redis.call('GET', 'x:a')", 'line 1: the key of GET is none of KEYS'],
  [
    'a key that is made',
    "-- KEYS: a key.\nlocal key = KEYS[1] .. ':a'\nreturn redis.pcall('DEL', key)",
    'line 3: the key of DEL is none of KEYS',
  ],
  [
    'a function that is given one',
    "-- KEYS: a key.\nlocal function get(key) return redis.call('GET', key) end\nreturn { get(KEYS[1]), get('b') }",
    'line 2: the key of GET is none of KEYS',
  ],
  [
    'a command that is made',
    '-- ARGV: one.\nreturn redis.call(ARGV[1])',
    'line 2: which command it is, is not plain',
  ],
  ['no word of what it takes', "return redis.call('GET', KEYS[1])", 'the first lines do not tell of KEYS'],
  ['a word too many', '-- ARGV: nothing.\nreturn 1', 'ARGV is told of, and not used'],
])('%s is found', (_, script, fault) => {
  expect(lintLua(script)).toContain(fault);
});
