package dev.ringlet.examples.simulate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the calls on one key could have been executed one after the other, each at some time
 * between its begin and its end, with the answers that they got (linearizability, after Wing and
 * Gong). The search is Lowe's: it goes through the ends of the calls in order and keeps every state
 * that the key may be in then, each once. Static.
 *
 * <p>Calls that were never answered are the difficulty, since each of them may still happen, at any
 * time. Two things keep them from doubling the states: such a call is executed only right before
 * one that needs what it leaves, for otherwise it might as well not have happened; and of several
 * that leave the same the first is taken. The values of calls that nobody has read are the same in
 * this respect.
 *
 * <p>A client that sends several calls at once has them executed in this order.
 */
final class RegisterCheck {
  /** So many calls before the one that cannot be are shown. */
  private static final int SHOWN = 16;

  /** Stands for all values that nobody has read. */
  private static final String UNREAD = "(unread)";

  private final List<Call> calls;
  private final List<@Nullable String> effects = new ArrayList<>();

  /** Those that have begun, are not removed yet, and have an end to come. */
  private final BitSet open = new BitSet();

  /** Those that have begun and never end, the first one first. */
  private final BitSet endless = new BitSet();

  /**
   * What the key may be.
   *
   * @param value what it has
   * @param done those of the open and endless calls that have been executed
   */
  private record State(@Nullable String value, BitSet done) {
    boolean has(int call) {
      return done.get(call);
    }

    State after(int call, @Nullable String newValue) {
      BitSet more = (BitSet) done.clone();
      more.set(call);
      return new State(newValue, more);
    }

    State without(int call) {
      BitSet less = (BitSet) done.clone();
      less.clear(call);
      return new State(value, less);
    }
  }

  private RegisterCheck(List<Call> calls) {
    this.calls = calls;
    Set<String> read = new HashSet<>();
    for (Call call : calls) {
      if (call.read() != null) {
        read.add(call.read());
      }
    }
    for (Call call : calls) {
      String written = call.written();
      effects.add(written == null || read.contains(written) ? written : UNREAD);
    }
  }

  /**
   * Checks the calls on one key, which begins without a value.
   *
   * @return null if all is well, else what cannot be, for people
   */
  static @Nullable String check(List<Call> callsOnKey) {
    List<Call> telling =
        callsOnKey.stream()
            .filter(call -> call.isAnswered() || call.writes())
            .sorted(Comparator.comparingLong(Call::begin))
            .toList();
    return new RegisterCheck(telling).search();
  }

  private @Nullable String search() {
    List<Integer> byEnd = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).isAnswered()) {
        byEnd.add(i);
      }
    }
    byEnd.sort(Comparator.comparingLong(i -> calls.get(i).end()));
    Set<State> states = Set.of(new State(null, new BitSet()));
    int begun = 0;
    for (int ending : byEnd) {
      for (; begun < calls.size() && calls.get(begun).begin() < calls.get(ending).end(); begun++) {
        (calls.get(begun).isAnswered() ? open : endless).set(begun);
      }
      states = end(ending, states);
      open.clear(ending);
      if (states.isEmpty()) {
        return describe(ending);
      }
    }
    return null;
  }

  /** The states in which a call has been executed, without it. */
  private Set<State> end(int ending, Set<State> before) {
    Set<State> seen = new HashSet<>(before);
    ArrayDeque<State> todo = new ArrayDeque<>(before);
    Set<State> after = new HashSet<>();
    while (!todo.isEmpty()) {
      State state = todo.remove();
      if (state.has(ending)) {
        after.add(state.without(ending));
        continue;
      }
      for (int call = open.nextSetBit(0); call >= 0; call = open.nextSetBit(call + 1)) {
        if (!state.has(call) && !waits(call, state)) {
          for (State next : execute(call, state)) {
            if (seen.add(next)) {
              todo.add(next);
            }
          }
        }
      }
    }
    return after;
  }

  /** Whether the client has sent another one before, on the same connection, that is not done. */
  private boolean waits(int call, State state) {
    for (int before = open.nextSetBit(0); before < call; before = open.nextSetBit(before + 1)) {
      if (!state.has(before) && calls.get(before).client().equals(calls.get(call).client())) {
        return true;
      }
    }
    return false;
  }

  /** The states after one call, if need be with one before it that was never answered. */
  private List<State> execute(int index, State state) {
    Call call = calls.get(index);
    if (call.allows(state.value())) {
      return List.of(state.after(index, after(index, state.value())));
    }
    List<State> found = new ArrayList<>();
    Set<@Nullable String> tried = new HashSet<>();
    for (int helper = endless.nextSetBit(0); helper >= 0; helper = endless.nextSetBit(helper + 1)) {
      String value = effects.get(helper);
      if (!state.has(helper) && call.allows(value) && tried.add(value)) {
        found.add(state.after(helper, value).after(index, after(index, value)));
      }
    }
    return found;
  }

  private @Nullable String after(int index, @Nullable String before) {
    return calls.get(index).writes() ? effects.get(index) : before;
  }

  private String describe(int ending) {
    Call impossible = calls.get(ending);
    StringBuilder text =
        new StringBuilder("no order of the calls explains the answer to\n  " + impossible);
    List<Call> before =
        calls.stream()
            .filter(call -> call.begin() < impossible.end() && !Objects.equals(call, impossible))
            .sorted(Comparator.comparingLong(Call::end))
            .toList();
    text.append("\nafter");
    List<Call> answered = before.stream().filter(call -> call.end() < impossible.end()).toList();
    for (Call call : answered.subList(Math.max(0, answered.size() - SHOWN), answered.size())) {
      text.append("\n  ").append(call);
    }
    text.append("\nwith these under way, or never answered");
    for (Call call : before.subList(answered.size(), before.size())) {
      text.append("\n  ").append(call);
    }
    return text.toString();
  }
}
