package dev.ringlet.examples.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a command that several shards have a part in: collects the parts, then merges them.
 * <b>Thread:</b> the connection's.
 */
abstract class MultiReply {
  private final @Nullable Reply[] parts;
  private int missing;

  MultiReply(int partCount) {
    parts = new Reply[partCount];
    missing = partCount;
  }

  /** Takes a part; gives the whole when it was the last one, else null. */
  final @Nullable Reply accept(int part, Reply reply) {
    if (parts[part] != null) {
      throw new IllegalStateException("part " + part + " came twice");
    }
    parts[part] = reply;
    if (--missing > 0) {
      return null;
    }
    Reply[] all = Arrays.copyOf(parts, parts.length, Reply[].class);
    for (Reply one : all) {
      if (one.isError()) {
        return one;
      }
    }
    return merge(all);
  }

  /** Merges parts none of which is an error. */
  abstract Reply merge(Reply[] parts);

  static MultiReply sum(int partCount) {
    return new MultiReply(partCount) {
      @Override
      Reply merge(Reply[] parts) {
        long sum = 0;
        for (Reply part : parts) {
          sum += ((Reply.Int) part).value();
        }
        return Replies.integer(sum);
      }
    };
  }

  static MultiReply allOk(int partCount) {
    return new MultiReply(partCount) {
      @Override
      Reply merge(Reply[] parts) {
        return Replies.OK;
      }
    };
  }

  /**
   * Puts the elements of the parts where they belong.
   *
   * @param partOf for each position of the whole: the part it comes from, where it is the next one
   */
  static MultiReply byPosition(int partCount, int[] partOf) {
    return new MultiReply(partCount) {
      @Override
      Reply merge(Reply[] parts) {
        Reply[] whole = new Reply[partOf.length];
        int[] next = new int[parts.length];
        for (int i = 0; i < whole.length; i++) {
          int part = partOf[i];
          whole[i] = ((Reply.Array) parts[part]).items()[next[part]++];
        }
        return new Reply.Array(whole);
      }
    };
  }

  /** Turns the position that a shard's part of SCAN answers into a cursor. */
  static MultiReply scan(Cursor cursor, int shards) {
    return new MultiReply(1) {
      @Override
      Reply merge(Reply[] parts) {
        Reply[] items = ((Reply.Array) parts[0]).items();
        long position = ((Reply.Int) items[0]).value();
        return Replies.array(Replies.bulk(Ascii.decimal(cursor.next(position, shards))), items[1]);
      }
    };
  }
}
