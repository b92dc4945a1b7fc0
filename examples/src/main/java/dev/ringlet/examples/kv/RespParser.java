package dev.ringlet.examples.kv;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into commands, whatever pieces it arrives in. <b>Thread:</b> one.
 *
 * <p>Memory follows what has arrived, never what was announced: an argument that is not complete
 * grows by doubling, and so does the list of arguments. An argument beyond the limits is read past
 * without being kept, and its command reported as {@link Event#TOO_LARGE}.
 *
 * <pre>
 * START --'*'--> COUNT --n--> DOLLAR --'$'--> LENGTH --n--> BODY --> BODY_END --> DOLLAR or a command
 *   |              | n <= 0: START              | too large: SKIP_BODY --> BODY_END
 *   +--other--> INLINE --> a command or START (blank line)          any --violation--> FAILED
 * </pre>
 */
final class RespParser {
  /** What {@link #parse} stopped for. */
  enum Event {
    /** The input is used up; nothing is complete. */
    NEED_INPUT,
    /** {@link #arguments()} has a command, at least its name. */
    COMMAND,
    /** A command beyond the limits was read past; {@link #error()} is the answer. */
    TOO_LARGE,
    /** The peer does not speak the protocol: answer {@link #error()} and close. */
    PROTOCOL_ERROR
  }

  private enum State {
    START,
    COUNT,
    DOLLAR,
    LENGTH,
    BODY,
    SKIP_BODY,
    BODY_END,
    INLINE,
    FAILED
  }

  private static final byte[][] NONE = {};
  private static final byte[] EMPTY = {};

  /** Enough for each length the protocol allows; a longer number is wrong anyway. */
  private static final int MAX_DIGITS = 10;

  private static final int FIRST_ALLOCATION = 1024;
  private static final int FIRST_ARGUMENTS = 16;

  private final RespLimits limits;

  private State state = State.START;
  private byte[][] arguments = NONE;
  private int expected;
  private int count;
  private long requestBytes;
  private String error = "";

  private long number;
  private int digits;
  private boolean negative;
  private boolean sawReturn;

  private byte[] body = EMPTY;
  private int bodyLength;
  private int bodyPosition;

  RespParser(RespLimits limits) {
    this.limits = limits;
  }

  /** The command that {@link Event#COMMAND} announced; the arrays belong to the caller. */
  byte[][] arguments() {
    return arguments;
  }

  /** The error text, without the leading minus. */
  String error() {
    return error;
  }

  /** Consumes input until something is complete or nothing is left of it. */
  Event parse(ByteBuffer input) {
    while (input.hasRemaining()) {
      switch (state) {
        case START -> begin(input);
        case COUNT -> readCount(input);
        case DOLLAR -> readDollar(input);
        case LENGTH -> readLength(input);
        case BODY -> readBody(input);
        case SKIP_BODY -> skipBody(input);
        case BODY_END -> {
          if (endOfBody(input)) {
            return complete();
          }
        }
        case INLINE -> {
          if (readInline(input)) {
            return Event.COMMAND;
          }
        }
        case FAILED -> {
          return Event.PROTOCOL_ERROR;
        }
      }
    }
    return state == State.FAILED ? Event.PROTOCOL_ERROR : Event.NEED_INPUT;
  }

  private void begin(ByteBuffer input) {
    arguments = NONE;
    count = 0;
    requestBytes = 0;
    error = "";
    if (input.get(input.position()) == '*') {
      input.get();
      beginNumber(State.COUNT);
    } else {
      body = EMPTY;
      bodyLength = 0;
      state = State.INLINE;
    }
  }

  private void beginNumber(State next) {
    number = 0;
    digits = 0;
    negative = false;
    sawReturn = false;
    state = next;
  }

  /**
   * Reads on in a number and its line end; true when both are complete. A number that cannot become
   * valid any more is reported at once by a value that no caller accepts.
   */
  private boolean readNumber(ByteBuffer input) {
    int position = input.position();
    int limit = input.limit();
    while (!sawReturn && position < limit) {
      byte next = input.get(position++);
      if (next == '\r') {
        sawReturn = true;
      } else if (!accept(next)) {
        return invalidNumber();
      }
    }
    if (!sawReturn || position == limit) {
      input.position(position);
      return false;
    }
    input.position(position + 1);
    if (digits == 0 || (negative && number == 0)) {
      return invalidNumber();
    }
    number = negative ? -number : number;
    return true;
  }

  private boolean accept(byte next) {
    int digit = next - '0';
    if (digit < 0 || digit > 9) {
      boolean sign = next == '-' && digits == 0 && !negative;
      negative |= sign;
      return sign;
    }
    if (digits == MAX_DIGITS || (digits > 0 && number == 0)) {
      return false;
    }
    number = number * 10 + digit;
    digits++;
    return true;
  }

  private boolean invalidNumber() {
    number = Long.MAX_VALUE;
    return true;
  }

  private void readCount(ByteBuffer input) {
    if (!readNumber(input)) {
      return;
    }
    if (number > RespLimits.MAX_ARGUMENTS) {
      fail("ERR Protocol error: invalid multibulk length");
    } else if (number <= 0) {
      state = State.START;
    } else {
      expected = (int) number;
      arguments = new byte[Math.min(expected, FIRST_ARGUMENTS)][];
      state = State.DOLLAR;
    }
  }

  private void readDollar(ByteBuffer input) {
    byte next = input.get();
    if (next == '$') {
      beginNumber(State.LENGTH);
    } else {
      char shown = next == '\r' || next == '\n' ? ' ' : (char) (next & 0xFF);
      fail("ERR Protocol error: expected '$', got '" + shown + "'");
    }
  }

  private void readLength(ByteBuffer input) {
    if (!readNumber(input)) {
      return;
    }
    if (number < 0 || number > RespLimits.PROTOCOL_BYTES) {
      fail("ERR Protocol error: invalid bulk length");
      return;
    }
    bodyLength = (int) number;
    bodyPosition = 0;
    requestBytes += number + RespLimits.ARGUMENT_OVERHEAD;
    if (bodyLength > limits.valueBytes()) {
      reject("argument of " + bodyLength, limits.valueBytes());
    } else if (requestBytes > limits.requestBytes()) {
      reject("command of at least " + requestBytes, limits.requestBytes());
    }
    if (isRejected()) {
      state = bodyLength == 0 ? State.BODY_END : State.SKIP_BODY;
    } else {
      beginBody(input);
    }
  }

  private void reject(String what, long limit) {
    if (!isRejected()) {
      error = "ERR " + what + " bytes is over the configured limit of " + limit + " bytes";
      arguments = NONE;
      body = EMPTY;
    }
  }

  private boolean isRejected() {
    return !error.isEmpty();
  }

  private void beginBody(ByteBuffer input) {
    int here = input.remaining();
    int size = here >= bodyLength ? bodyLength : Math.min(bodyLength, here + FIRST_ALLOCATION);
    body = size == 0 ? EMPTY : new byte[size];
    state = State.BODY;
    readBody(input);
  }

  private void readBody(ByteBuffer input) {
    int length = Math.min(input.remaining(), bodyLength - bodyPosition);
    if (bodyPosition + length > body.length) {
      // The last growth hits the announced length exactly, so that no copy is needed at the end.
      long doubled = Math.max(2L * body.length, bodyPosition + length);
      body = Arrays.copyOf(body, (int) Math.min(doubled, bodyLength));
    }
    input.get(body, bodyPosition, length);
    bodyPosition += length;
    if (bodyPosition == bodyLength) {
      addArgument(body.length == bodyLength ? body : Arrays.copyOf(body, bodyLength));
      body = EMPTY;
      beginBodyEnd();
    }
  }

  private void addArgument(byte[] argument) {
    if (count == arguments.length) {
      arguments = Arrays.copyOf(arguments, Math.min(expected, 2 * count));
    }
    arguments[count] = argument;
  }

  private void skipBody(ByteBuffer input) {
    int length = Math.min(input.remaining(), bodyLength - bodyPosition);
    input.position(input.position() + length);
    bodyPosition += length;
    if (bodyPosition == bodyLength) {
      beginBodyEnd();
    }
  }

  private void beginBodyEnd() {
    bodyPosition = 0;
    state = State.BODY_END;
  }

  /** Reads past the two bytes after an argument; true when it was the last one. */
  private boolean endOfBody(ByteBuffer input) {
    int length = Math.min(input.remaining(), 2 - bodyPosition);
    input.position(input.position() + length);
    bodyPosition += length;
    if (bodyPosition < 2) {
      return false;
    }
    count++;
    state = State.DOLLAR;
    return count == expected;
  }

  private Event complete() {
    state = State.START;
    return isRejected() ? Event.TOO_LARGE : Event.COMMAND;
  }

  /** Reads on in a line; true when it is complete and has words. */
  private boolean readInline(ByteBuffer input) {
    int start = input.position();
    int end = start;
    int limit = input.limit();
    while (end < limit && input.get(end) != '\n') {
      end++;
    }
    if (bodyLength + (end - start) > RespLimits.MAX_INLINE_BYTES) {
      return fail("ERR Protocol error: too big inline request");
    }
    keepInline(input, end - start);
    if (end == limit) {
      return false;
    }
    input.position(end + 1);
    byte[][] words = InlineSplitter.split(body, bodyLength);
    body = EMPTY;
    if (words == null) {
      return fail("ERR Protocol error: unbalanced quotes in request");
    }
    arguments = words;
    state = State.START;
    return words.length > 0;
  }

  private void keepInline(ByteBuffer input, int length) {
    if (bodyLength + length > body.length) {
      body = Arrays.copyOf(body, Math.max(bodyLength + length, 2 * body.length));
    }
    input.get(body, bodyLength, length);
    bodyLength += length;
  }

  private boolean fail(String reason) {
    error = reason;
    arguments = NONE;
    body = EMPTY;
    state = State.FAILED;
    return false;
  }
}
