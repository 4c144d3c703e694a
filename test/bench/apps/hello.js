// The smallest application: what is measured is the server around it.
export default (_request, response) => {
  response.end('hello\n');
};
