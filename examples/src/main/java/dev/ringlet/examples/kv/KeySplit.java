package dev.ringlet.examples.kv;

/**
 * A command on several keys, cut into one part for each shard that has some of them. Within a part
 * the keys keep their order. Immutable.
 */
final class KeySplit {
  private final int[] partOfKey;
  private final int[] shardOfPart;
  private final byte[][][] argumentsOfPart;

  /**
   * Splits a command.
   *
   * @param arguments the name, then for each key the key and what belongs to it
   * @param step how many words a key and what belongs to it are
   * @param shards how many shards there are
   */
  KeySplit(byte[][] arguments, int step, int shards) {
    int keys = (arguments.length - 1) / step;
    partOfKey = new int[keys];
    int[] words = new int[shards];
    for (int key = 0; key < keys; key++) {
      int shard = new Bytes(arguments[1 + key * step]).shard(shards);
      partOfKey[key] = shard;
      words[shard] += step;
    }
    shardOfPart = new int[countNonZero(words)];
    argumentsOfPart = new byte[shardOfPart.length][][];
    int[] partOfShard = new int[shards];
    int part = 0;
    for (int shard = 0; shard < shards; shard++) {
      if (words[shard] > 0) {
        partOfShard[shard] = part;
        shardOfPart[part] = shard;
        argumentsOfPart[part] = new byte[1 + words[shard]][];
        argumentsOfPart[part++][0] = arguments[0];
      }
    }
    distribute(arguments, step, partOfShard);
  }

  private void distribute(byte[][] arguments, int step, int[] partOfShard) {
    int[] filled = new int[shardOfPart.length];
    for (int key = 0; key < partOfKey.length; key++) {
      int part = partOfShard[partOfKey[key]];
      partOfKey[key] = part;
      System.arraycopy(arguments, 1 + key * step, argumentsOfPart[part], 1 + filled[part], step);
      filled[part] += step;
    }
  }

  private static int countNonZero(int[] counts) {
    int result = 0;
    for (int count : counts) {
      result += count > 0 ? 1 : 0;
    }
    return result;
  }

  int partCount() {
    return shardOfPart.length;
  }

  int shard(int part) {
    return shardOfPart[part];
  }

  byte[][] arguments(int part) {
    return argumentsOfPart[part];
  }

  /** For each key, the part it went to. */
  int[] partOfKey() {
    return partOfKey;
  }
}
