import type { Lesson } from '../types.ts';

export const whatAnEmbeddingIs: Lesson = {
  id: 'what-an-embedding-is',
  title: 'What an embedding is',
  minutes: 8,
  about: 'How a picture becomes a point, what it means that two points are near, and what training changes.',
  steps: [
    {
      title: 'A picture becomes a point',
      say: [
        'A *model* takes a picture and gives back numbers. This one gives 64. They are the *embedding* of the picture.',
        'In the middle you see 256 pictures. Each stands where its numbers put it: the map shows two directions of the 64.',
      ],
      show: {
        figure: 'map',
        recordings: ['simclr'],
        at: 'start',
        panel: 'loss',
        view: { projection: 'pca', pictures: true, color: 'shape', hidden: [], lines: true },
        scene: null,
      },
      question: 'Two pictures stand side by side on the map. What does that tell you?',
      choices: [
        'They show the same shape.',
        'As far as the map shows, the model gave them similar numbers.',
        'Someone put them there because they belong together.',
      ],
      answer: 1,
      reveal: {
        say: [
          'Near means: similar numbers. Nothing more is promised. Nobody sorted these pictures, and no corner of the map has a meaning that was decided before.',
          'Whether they show the same shape depends on what this model makes its numbers from. That is what we look at next.',
        ],
      },
    },
    {
      title: 'A model that has learned nothing',
      say: [
        'This is step 0. The model has not seen a single picture; what it computes with was drawn at random.',
        'Look from one side of the map to the other. Compare the things, their colors, and the ground they stand on.',
      ],
      question: 'What has the random model sorted the pictures by?',
      choices: [
        'By shape.',
        'By nothing: a random model puts pictures at random places.',
        'By how bright the ground is.',
      ],
      answer: 2,
      reveal: {
        say: [
          'Dark grounds stand on one side, bright ones on the other. The ground fills most of a picture, so it moves most of the numbers.',
          'Random does not mean that places are dealt out by lot. Similar pixels still give similar numbers. So near already means alike here, but alike in pixels.',
        ],
      },
    },
    {
      title: 'Asking the numbers',
      say: [
        'The panel beside the map, or below it, will ask what the numbers know. A *linear probe* is a small test beside the model: from half of the pictures it learns to read the shape off the 64 numbers, then it must name it for the other half.',
        'Always giving the same answer would be right in 16 % of cases. That is called *chance*.',
      ],
      question: 'Step 0, row “shape”: how often is it named right?',
      choices: ['Never, 0 %.', 'About as often as by chance.', 'In about half of the pictures.'],
      answer: 1,
      reveal: {
        say: [
          'Row “shape”: 12 %. That is no worse than chance, since with 128 pictures some percent are luck. It is not 0 %: who guesses is sometimes right.',
          'Now row “color”: 71 %. Color is in the numbers before anything was learned, as pixels of one color survive random mixing. An outline does not.',
        ],
        show: { panel: 'probes' },
      },
    },
    {
      title: 'Training',
      say: [
        'Now the model is trained for 500 small steps. In each it sees 64 pictures and is asked to recognize a picture after it was changed. How, is told in the lesson on views.',
        'Nobody tells it the name of a shape, or that there are shapes.',
      ],
      question: 'What will the row “shape” do?',
      choices: [
        'It stays near chance: nobody tells the model what a shape is.',
        'It rises well above chance.',
        'It rises to nearly 100 %.',
      ],
      answer: 1,
      reveal: {
        say: [
          'Watch the curve “Shape” below the rows. At the end 52 % are named right, from 12 % at the start.',
          'Shape was never named, but it helps to recognize a picture, so it came into the numbers. It does not come near 100 %: this is a small model after a short training, recorded so that you need not wait.',
        ],
        show: { at: 'start', play: true },
      },
    },
    {
      title: 'What is near now',
      say: [
        'The map is at the last step. It has fallen into three groups.',
        'Compare pictures within one group and across groups. Look at the things and at where they are in their picture.',
      ],
      show: { at: 'end', panel: 'loss' },
      question: 'What do the pictures of one group share?',
      choices: [
        'The shape of the thing.',
        'The color of the thing.',
        'The brightness of the ground, as before.',
        'How high up the thing is: top, middle or bottom.',
      ],
      answer: 3,
      reveal: {
        say: [
          'The frames now have the color of the position. One group has its things at the top, one in the middle, one at the bottom.',
          'The brightness of the ground is gone: neighbors are no more alike in it than any two pictures. Same pictures, same world, other model: near has got another meaning. Near means alike in what this model found useful.',
        ],
        show: { at: 'end', view: { color: 'position' } },
      },
    },
    {
      title: 'The map is a shadow',
      say: [
        'Look inside one group. Left, center and right stand mixed: on the map you could not tell them.',
        'But the map shows only two directions of 64. The line below it says how much of all differences these two hold: 66 %.',
      ],
      question: 'Do the 64 numbers know left from right?',
      choices: [
        'No: what is mixed on the map is mixed in the numbers.',
        'Yes, in directions that the map does not show.',
        'Nobody can find out: 64 directions cannot be seen.',
      ],
      answer: 1,
      reveal: {
        say: [
          'Row “position”: 95 % of the nine positions are named right. That needs left and right.',
          'A map is a *shadow*. On a wall, the shadows of two fingers may fall on one spot though the fingers do not touch. What is far apart on this map is far apart in truth. What is close on it need not be close. So look at the map, then ask the probes.',
        ],
        show: { panel: 'probes' },
      },
    },
    {
      title: 'What no training can find',
      say: [
        'In this made-up world every thing also has a temperature. No picture shows it.',
        'The row “temperature” stands at the right under “Hidden in image”. Chance is 30 % for it.',
      ],
      question: 'With a larger model and a longer training, what would the row “temperature” do?',
      choices: [
        'Rise slowly: enough training finds everything.',
        'Stay at chance.',
        'Rise, since red things are warm.',
      ],
      answer: 1,
      reveal: {
        say: [
          'It was 28 % before the training and is 30 % after it: chance, both times.',
          'What the input does not show cannot come into its embedding, however long one trains. In this world color tells nothing of temperature; that is how it was made. In real pictures such a link might exist, and then a model may learn it, wanted or not.',
        ],
      },
    },
  ],
  summary: [
    'An embedding is a list of numbers that a model makes of an input; as a point it has a place.',
    'Near means alike in what this model makes its numbers from. Before training that was brightness, afterwards above all where the thing is.',
    'A map is a shadow of many directions: far on it is far, near on it need not be near.',
    'What the input does not show cannot be in its embedding.',
  ],
  teacher: {
    aim: 'They can say what it means, and what it does not mean, that two items are near on a map of embeddings, and they check a map against a measurement.',
    before: 'Nothing. It helps to have seen a scatter plot.',
    course: [
      '0–2 min: step 1. Let someone point at two neighbors and name all that they have in common, and all that they do not.',
      '2–4 min: steps 2 and 3. Turn the screen’s brightness up: the ground must be seen. Have the rows read aloud with their chance.',
      '4–5 min: step 4. Let everybody write down a number for the row “shape” before the recording plays.',
      '5–7 min: steps 5 and 6. Hold a pen into the light of the projector and turn it: its shadow gets short, the pen does not.',
      '7–8 min: step 7. Afterwards let them switch from PCA to UMAP: another drawing of the same numbers, and the probes stay as they are.',
    ],
    misconceptions: [
      {
        think: 'Near on the map means similar in the way I would see it.',
        help: 'Step 2: two pictures with the same ground and different things stand side by side. Ask what the model could have looked at.',
      },
      {
        think: 'A random model knows nothing at all.',
        help: 'The row “color” at step 0. That is why a trained model is always compared with an untrained one: the rhombus in each row.',
      },
      {
        think: 'The axes of the map mean something, like x and y of a chart.',
        help: 'PCA only takes the two directions in which the points differ most. Turned or mirrored it would be as good a map.',
      },
      {
        think: 'A probe is a part of the model.',
        help: 'It is trained afterwards and apart, and the model never hears of it. It reads; it does not write.',
      },
    ],
    questions: [
      {
        ask: 'Why is the probe asked about pictures that it did not learn from?',
        answer:
          'With 64 numbers for each picture it could fit the pictures that it learned from by chance. Only new ones tell whether it reads something that is there.',
      },
      {
        ask: 'A shop sorts photos of shoes by their embeddings, and all photos on a white table stand together. What happened?',
        answer:
          'The numbers are made of the background too, as with the untrained model here. Near is alike to the model, and the model looks at the table.',
      },
      {
        ask: 'The row “color” is about the same before and after the training. Did the model learn nothing of color?',
        answer:
          'The linear probe cannot tell: it can weigh small differences as well as large ones. Under “Nearest neighbors”, which asks what stands close, color rises from 32 % to 49 %.',
      },
      {
        ask: 'Could two different pictures have exactly the same embedding?',
        answer:
          'Yes, if they differ only in what the model ignores. How far this goes when all have the same one is the lesson on collapse.',
      },
    ],
  },
};
