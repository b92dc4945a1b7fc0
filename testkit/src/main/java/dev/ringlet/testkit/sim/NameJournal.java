package dev.ringlet.testkit.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes of names that are not known to be on the disk.
 *
 * <p>The model: only a sync of a directory has the changes in it on the disk, with those that they
 * build upon. Of the others a power loss keeps some and not others, each as a whole: of a rename
 * both names or none. A change that is kept keeps those before it of the same name and of the same
 * file; one that gives a directory another parent keeps all before it. The simulation's thread.
 */
final class NameJournal {
  private final List<NameChange> changes = new ArrayList<>();

  /** What a name in a directory stands for from now on; null for nothing. */
  record Binding(Inode directory, String name, @Nullable Inode inode) {
    void apply() {
      if (inode == null) {
        directory.entries.remove(name);
      } else {
        directory.entries.put(name, inode);
      }
    }

    void settle() {
      if (inode == null) {
        directory.stableEntries.remove(name);
      } else {
        directory.stableEntries.put(name, inode);
      }
    }
  }

  private record Name(long directory, String name) {}

  /**
   * What comes to the disk as a whole.
   *
   * @param subjects the names, and the numbers of the files that they stood or stand for
   */
  private record NameChange(
      long number, List<Binding> bindings, Set<Object> subjects, boolean movesDirectory) {
    boolean isIn(Inode directory) {
      return bindings.stream().anyMatch(binding -> binding.directory() == directory);
    }

    boolean sharesOneOf(Set<Object> others) {
      return subjects.stream().anyMatch(others::contains);
    }
  }

  /** Has it seen by programs, and notes it. */
  void add(long number, boolean movesDirectory, Binding... bindings) {
    Set<Object> subjects = new HashSet<>();
    for (Binding binding : bindings) {
      subjects.add(new Name(binding.directory().number, binding.name()));
      note(binding.directory().entries.get(binding.name()), subjects);
      note(binding.inode(), subjects);
    }
    for (Binding binding : bindings) {
      binding.apply();
    }
    changes.add(new NameChange(number, List.of(bindings), subjects, movesDirectory));
  }

  private static void note(@Nullable Inode inode, Set<Object> subjects) {
    if (inode != null) {
      subjects.add(inode.number);
    }
  }

  /** Has the changes in a directory on the disk, up to a number. */
  void sync(Inode directory, long number) {
    Set<Object> wanted = new HashSet<>();
    List<NameChange> synced = new ArrayList<>();
    boolean all = false;
    for (int i = changes.size() - 1; i >= 0; i--) {
      NameChange change = changes.get(i);
      boolean own = change.number() <= number && change.isIn(directory);
      if (all || own || change.sharesOneOf(wanted)) {
        synced.add(0, change);
        wanted.addAll(change.subjects());
        all |= change.movesDirectory();
      }
    }
    for (NameChange change : synced) {
      change.bindings().forEach(Binding::settle);
    }
    changes.removeAll(synced);
  }

  int size() {
    return changes.size();
  }

  /** Chooses which changes have reached the disk, and tells how many. */
  int powerLoss(SimRandom random) {
    double kept =
        switch (random.index(4)) {
          case 0 -> 1;
          case 1 -> 0;
          default -> 0.5;
        };
    Set<Object> lost = new HashSet<>();
    boolean anyLost = false;
    int settled = 0;
    for (NameChange change : changes) {
      boolean possible = !change.sharesOneOf(lost) && !(change.movesDirectory() && anyLost);
      if (possible && random.chance(kept)) {
        change.bindings().forEach(Binding::settle);
        settled++;
      } else {
        lost.addAll(change.subjects());
        anyLost = true;
      }
    }
    changes.clear();
    return settled;
  }

  static Binding binding(Place place, @Nullable Inode inode) {
    return new Binding(Objects.requireNonNull(place.directory()), place.name(), inode);
  }
}
