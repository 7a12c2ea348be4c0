import type { Lesson } from '../types.ts';

export const views: Lesson = {
  id: 'views',
  title: 'Views and augmentations',
  minutes: 9,
  about:
    'How a model learns from pictures without any label, and how the changes that we make decide what it sees.',
  steps: [
    {
      title: 'A game without labels',
      say: [
        'Take a picture and change it by chance: cut out a part, mirror it, shift its brightness and colors, sometimes make it gray. Such a change is an *augmentation*, its result a *view*.',
        'Each of 64 pictures gives two views. The model must find for each view its partner among the 127 others. The method is called *SimCLR*.',
      ],
      show: {
        figure: 'map',
        recordings: ['simclr'],
        at: 'start',
        panel: 'pictures',
        view: { projection: 'pca', pictures: true, color: 'shape', hidden: [], lines: true },
        scene: null,
      },
      question: 'What can a model learn from such a game?',
      choices: [
        'Nothing: nobody tells it what is in the pictures.',
        'To undo the changes.',
        'To see what stays when a picture is changed.',
      ],
      answer: 2,
      reveal: {
        say: [
          'Partners are found by what both have. So it pays to look at what survives the changes, and to ignore what they change.',
          'Undoing them would not help: the part that was cut off is gone, and nobody asks for it. And a label is not needed: which two views belong together is known, as we made them ourselves.',
        ],
      },
    },
    {
      title: 'Won how often?',
      say: [
        'Beside the map, on a phone below it, is a square: first views downwards, second views across. A cell is the *cosine* of two views: 1 means the same direction. Partners are on the diagonal.',
        'At step 0, the partner is the most similar one for 13 % of these 64 pictures. By chance it would be 1.6 %.',
      ],
      question: 'And after the training, which consisted of nothing but this game?',
      choices: ['For all of them.', 'For somewhat more than half.', 'Still for 13 %.'],
      answer: 1,
      reveal: {
        say: [
          'For 58 %: the sentence below the square. The diagonal now stands out from the rest.',
          'Not for all: a cut may lose the thing, a gray view has no color, and among 64 pictures some are alike in shape and place. The game is hard, and that is good: whoever wants to win it has to look closely.',
        ],
        show: { at: 'end' },
      },
    },
    {
      title: 'Taking something away',
      say: [
        'A second run stands beside the first, which is named “Unchanged”: the same start, the same pictures, the same steps. Only its views keep their colors: no shift of color and brightness, no gray.',
        'The *loss* is a number for how badly the game goes. 0 would be perfect.',
      ],
      show: { recordings: ['simclr', 'simclr-no-jitter'], at: 'start', panel: 'loss' },
      question: 'Which loss will be lower in the end?',
      choices: [
        'That of the first run: it sees more different views.',
        'That of the second: its partners are easier to find.',
        'Both the same: it is the same game.',
      ],
      answer: 1,
      reveal: {
        say: [
          'The second, dashed line falls at once. In the end it is at 0.175, the first one at 2.19.',
          'If colors are kept, the exact color gives the partner away. With eight colors of things, all in different shades, on grounds of different brightness, hardly two pictures have the same ones.',
        ],
        show: { at: 'start', play: true },
      },
    },
    {
      title: 'A lower loss, a better model?',
      say: [
        'So the second run plays its game far better.',
        'Now the probes are asked: how well can the shape be read off the embeddings of pictures that neither model was trained on? Chance is 16 %.',
      ],
      show: { at: 'end' },
      question: 'Which model knows more about shapes?',
      choices: [
        'The second, with the lower loss.',
        'The first, with the higher loss.',
        'Both the same: both saw the same pictures.',
      ],
      answer: 1,
      reveal: {
        say: [
          'Row “shape”: 52 % for the first run, 13 % for the second: chance. It never needed a shape.',
          'A low loss says that a game is played well, not that it was a good game. Losses of different games cannot be compared. Position went the same way: 95 % against 30 %, which is less than the 47 % of the untrained model.',
        ],
        show: { at: 'end', panel: 'probes' },
      },
    },
    {
      title: 'What it looked at instead',
      say: [
        'Here is the second run alone, after its training. In the rows, “color” is at 88 %; the first run had 70 %.',
        'But look at the map, too: follow it from one edge to the opposite one, in several directions.',
      ],
      show: { recordings: ['simclr-no-jitter'], at: 'end', panel: 'probes' },
      question: 'By what do neighbors on this map belong together, first of all?',
      choices: [
        'By the color of the thing, as the row says.',
        'By the ground: bright with bright, dark with dark.',
        'By the shape of the thing.',
      ],
      answer: 1,
      reveal: {
        say: [
          'The ground is the largest thing in the picture, and in this run its color is the same in both views. Red things lie all over the map, and so do blue ones, though a probe can read their color from the numbers.',
          'Such a way to win without what was meant is called a *shortcut*. We expected “color” and thought of the thing. The model had a simpler color at hand.',
        ],
      },
    },
    {
      title: 'What the changes wiped out',
      say: [
        'Back to the first run. Its views shift brightness and colors by chance. By our rule it should ignore both: the brightness of the ground and the color of the thing.',
        'Before the training, the row “color” was at 71 %.',
      ],
      show: { recordings: ['simclr'], at: 'end', panel: 'loss' },
      question: 'What does it really ignore?',
      choices: ['Both.', 'The brightness of the ground, not the color of the thing.', 'Neither.'],
      answer: 1,
      reveal: {
        say: [
          'Neighbors are no more alike in their grounds’ brightness than any two pictures: wiped out.',
          'The row “color” is still at 70 %: here the textbook promises more than this run keeps. Brightness is shifted strongly, the hue only by a part of the color circle. Yellow hardly turns to blue, so color still helps: in each group of the map, yellow things lie toward one end, purple and blue ones toward the other. What is changed a little is ignored a little.',
        ],
        show: { at: 'end', panel: 'probes' },
      },
    },
    {
      title: 'Mirrored, but never upside down',
      say: [
        'Half of the views are mirrored: left becomes right. None is turned upside down.',
        'Think of what then stays the same in two views of one picture.',
      ],
      question: 'What does the map of the first run sort?',
      choices: [
        'Left and right as well as top and bottom.',
        'Top and bottom, but left and right are mixed.',
        'Neither, since cutting moves the thing anyway.',
      ],
      answer: 1,
      reveal: {
        say: [
          'The frames now have the color of the position: three groups, things at the top, in the middle, at the bottom. Among neighbors on the map 99 % agree in this, and 36 % in left, center or right, where chance is 33 %.',
          'But nothing was deleted: the row “position” is at 95 %, so left and right can be read. What views change gets small; it matters little for who is near. It need not be gone.',
        ],
        show: { at: 'end', view: { color: 'position' } },
      },
    },
    {
      title: 'Your turn',
      say: [
        'You want a model to sort photos of tomatoes, ripe or not, without labels. You choose how views are made.',
        'Possible are: cutting out a part, mirroring, shifting colors.',
      ],
      question: 'Which of them must you leave out?',
      choices: [
        'Cutting out a part.',
        'Mirroring.',
        'Shifting colors.',
        'None: more changes are always better.',
      ],
      answer: 2,
      reveal: {
        say: [
          'Ripe or not is told by the color. If views change it, the model learns to ignore just that.',
          'For birds in all kinds of light it would be the other way round. There is no set of changes that is right for all. By choosing them we say what shall not matter. No label is needed, but our knowledge is in it all the same.',
        ],
      },
    },
  ],
  summary: [
    'SimCLR learns without labels: two views of one picture must find each other.',
    'What all changes leave alone becomes important; what they change gets small.',
    'If views keep a shortcut, such as an exact color, the model takes it: a low loss, and little learned.',
    'Whoever chooses the changes decides what the model shall ignore.',
  ],
  teacher: {
    aim: 'They can explain why two views of one picture are enough to learn from, foretell what a given change makes a model ignore, and say why a low loss proves little.',
    before: 'Embedding, map and linear probe (lesson “What an embedding is”).',
    course: [
      '0–2 min: step 1. Play the game: hold up two cuttings of one photo among others, and ask how the partner was found.',
      '2–3 min: step 2. The square takes a second to be computed. Let someone point to the diagonal.',
      '3–5 min: steps 3 and 4, the heart of it. Take a vote before each; most expect the lower loss to be the better model.',
      '5–7 min: steps 5 and 6. Both maps must be seen large: the brightness of the grounds is easily missed on a dim projector.',
      '7–9 min: steps 7 and 8. Have groups choose changes for a task of their own: X-rays, road signs (mirroring!), handwriting.',
    ],
    misconceptions: [
      {
        think: 'Augmentations only make more data out of little.',
        help: 'Steps 3 and 4: the same pictures and as many views, and yet another thing was learned. In this game they say what belongs together.',
      },
      {
        think: 'A lower loss means a better model.',
        help: 'The second run has less than a tenth of the loss and knows nothing of shapes. Losses are compared only within one game.',
      },
      {
        think: 'The model sees objects as we do, and then forgets some of it.',
        help: 'Step 5: it takes what is easiest. For us the ground is no part of the answer; nobody told the model.',
      },
      {
        think: 'What the views change is deleted.',
        help: 'Step 7: left and right are mixed on the map, and the probe still reads them.',
      },
    ],
    questions: [
      {
        ask: 'Two pictures of a batch both show a red star at the top. What does the game do with them?',
        answer:
          'It pushes them apart, as they are no partners. That is a mistake that SimCLR cannot see; with many different pictures it happens rarely.',
      },
      {
        ask: 'Which change must be left out for reading road signs?',
        answer:
          'Mirroring: an arrow to the left would be made the same as one to the right. Shifting colors, too, where red means forbidden.',
      },
      {
        ask: 'Our second run lacked two changes, the shift of colors and the gray. What would have to be done to say which of them matters?',
        answer:
          'One more run for each, with only that one missing, and several seeds, since one run may differ by luck.',
      },
      {
        ask: 'In the original work, too, color gave the game away. What did its authors see?',
        answer:
          'That two cuttings of one photo have nearly the same histogram of colors, by which alone most partners could be found (Chen et al. 2020, section 3.1).',
      },
    ],
  },
};
